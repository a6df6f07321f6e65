using System.Text;

namespace SeqCore.Tests.Tensors.Files;

public class NpyFileTests
{
    [Theory]
    [InlineData(TensorFileGoldens.Float32)]
    [InlineData(TensorFileGoldens.Float32ColumnMajor)]
    public void Float32_is_read_as_NumPy_wrote_it_in_either_order(string golden)
    {
        using var tensor = Read(golden);
        tensor.Shape.Should().Equal(2, 3);
        tensor.ToArray().Should().Equal(1.5f, -2f, 3.25f, 0f, 1e-30f, float.NegativeInfinity);
    }

    [Fact]
    public void Float64_is_rounded_only_where_asked()
    {
        Read(TensorFileGoldens.Float64Version2, convert: true).ToArray()
            .Should().Equal(1.5f, -2f, 3.25f, 0f, 1e-30f, float.NegativeInfinity);
        FluentActions.Invoking(() => Read(TensorFileGoldens.Float64Version2)).Should().Throw<TensorFileException>()
            .WithMessage("it.npy: its elements are Float64. Ask for conversion to float32.");
    }

    [Fact]
    public void Float16_is_exact() =>
        Read(TensorFileGoldens.Float16).ToArray().Should().Equal(1.5f, -65504f, (float)(Half)6e-8f);

    [Fact]
    public void Elements_with_their_most_significant_byte_first_are_read()
    {
        Read(TensorFileGoldens.BigEndian).ToArray().Should().Equal(1f);
        Read(Bytes("{'descr': '>f8', 'fortran_order': False, 'shape': (1,), }", [0x3F, 0xF8, 0, 0, 0, 0, 0, 0]), convert: true)
            .ToArray().Should().Equal(1.5f);
        var integers = Bytes("{'descr': '>i2', 'fortran_order': False, 'shape': (2,), }", [1, 2, 255, 254]);
        NpyFile.ReadIndices(new MemoryStream(integers), "it.npy").ToArray().Should().Equal(258, -2);
    }

    [Fact]
    public void Shapes_of_Python_2_are_read()
    {
        Read(Bytes("{'descr': '<f4', 'fortran_order': False, 'shape': (2L, 3L), }", new byte[24])).Shape.Should().Equal(2, 3);
        Read(Bytes("{'descr': '<f4', 'fortran_order': False, 'shape': (2L,), }", new byte[8])).Shape.Should().Equal(2);
    }

    [Fact]
    public void A_scalar_has_no_axes()
    {
        Read(TensorFileGoldens.Scalar).Shape.Should().BeEmpty();
        Read(TensorFileGoldens.Scalar).Item().Should().Be(7f);
    }

    [Fact]
    public void Integers_are_read_as_indices_or_where_asked_as_floats()
    {
        ReadIndices(TensorFileGoldens.Int64Version3).ToArray().Should().Equal(1, -2, 3, int.MaxValue);
        ReadIndices(TensorFileGoldens.UInt8).ToArray().Should().Equal(0, 255);
        ReadIndices(TensorFileGoldens.Boolean).ToArray().Should().Equal(1, 0);
        Read(TensorFileGoldens.UInt8, convert: true).ToArray().Should().Equal(0f, 255f);
        FluentActions.Invoking(() => Read(TensorFileGoldens.UInt8)).Should().Throw<TensorFileException>()
            .WithMessage("it.npy: its elements are UInt8. Ask for conversion to float32, or read it as indices.");
        FluentActions.Invoking(() => ReadIndices(TensorFileGoldens.Float32)).Should().Throw<TensorFileException>()
            .WithMessage("it.npy: its elements are Float32, not integers. Read it as a tensor.");
    }

    [Theory]
    [InlineData("|i1", 1, -128, 127)]
    [InlineData("|u1", 1, 0, 255)]
    [InlineData("<i2", 2, -32768, 32767)]
    [InlineData("<u2", 2, 0, 65535)]
    [InlineData("<i4", 4, int.MinValue, int.MaxValue)]
    [InlineData("<u4", 4, 0, 4294967295)]
    [InlineData("<i8", 8, int.MinValue, int.MaxValue)]
    [InlineData("<u8", 8, 0, int.MaxValue)]
    public void Every_type_of_integer_is_read_with_its_extremes(string type, int size, long least, long most)
    {
        byte[] data = [.. BitConverter.GetBytes(least).AsSpan(0, size), .. BitConverter.GetBytes(most).AsSpan(0, size)];
        var file = Bytes($"{{'descr': '{type}', 'fortran_order': False, 'shape': (2,), }}", data);
        Read(file, convert: true).ToArray().Should().Equal((float)least, (float)most);
        Func<int[]> indices = () => NpyFile.ReadIndices(new MemoryStream(file), "it.npy").ToArray();
        if (most <= int.MaxValue)
        {
            indices().Should().Equal((int)least, (int)most);
            return;
        }

        indices.Should().Throw<TensorFileException>().WithMessage($"it.npy: it holds {most}, which is not a 32-bit integer.");
    }

    [Fact]
    public void Integers_in_column_major_order_are_put_in_row_major_order()
    {
        var read = ReadIndices(TensorFileGoldens.Int32ColumnMajor);
        read.Shape.Should().Equal(2, 3, 4);
        read.ToArray().Should().Equal(Enumerable.Range(0, 24));
    }

    [Fact]
    public void What_follows_the_last_integer_is_an_error()
    {
        using var stream = new MemoryStream();
        using (var indices = IndexTensor.FromArray([1, 2]))
            NpyFile.Write(stream, indices);
        stream.WriteByte(0);
        stream.Position = 0;
        FluentActions.Invoking(() => NpyFile.ReadIndices(stream, "it.npy")).Should().Throw<TensorFileException>()
            .WithMessage("it.npy: 1 bytes follow the last element.");
    }

    [Fact]
    public void An_integer_beyond_32_bits_is_named() =>
        FluentActions.Invoking(() => ReadIndices(TensorFileGoldens.Int64TooLarge)).Should().Throw<TensorFileException>()
            .WithMessage("it.npy: it holds 2147483648, which is not a 32-bit integer.");

    [Fact]
    public void What_is_written_is_byte_for_byte_what_NumPy_writes()
    {
        using var tensor = Tensor.FromSpan([1.5f, -2f, 3.25f, 0f, 1e-30f, float.NegativeInfinity], [2, 3]);
        using var written = new MemoryStream();
        NpyFile.Write(written, tensor);
        written.ToArray().Should().Equal(Convert.FromBase64String(TensorFileGoldens.Float32));
    }

    [Fact]
    public void What_is_written_comes_back()
    {
        using var folder = new Models.TemporaryFolder();
        float[] awkward = [float.NaN, -0f, float.Epsilon, float.MaxValue, 1f / 3f, float.NegativeInfinity];
        using (var tensor = Tensor.FromSpan(awkward, [2, 3]))
        using (var transposed = tensor.Transpose())
            NpyFile.Write(folder.File("x.npy"), transposed);
        NpyFile.Write(folder.File("i.npy"), IndexTensor.FromSpan([3, -1, int.MinValue], [3, 1]));
        NpyFile.Write(folder.File("none.npy"), Tensor.Zeros([0, 5]));

        using var read = NpyFile.Read(folder.File("x.npy"));
        read.Shape.Should().Equal(3, 2);
        read.ToArray().Select(BitConverter.SingleToInt32Bits)
            .Should().Equal(new[] { 0, 3, 1, 4, 2, 5 }.Select(i => BitConverter.SingleToInt32Bits(awkward[i])));
        var indices = NpyFile.ReadIndices(folder.File("i.npy"));
        indices.Shape.Should().Equal(3, 1);
        indices.ToArray().Should().Equal(3, -1, int.MinValue);
        NpyFile.Read(folder.File("none.npy")).Shape.Should().Equal(0, 5);
    }

    [Fact]
    public void Arrays_larger_than_one_chunk_come_back()
    {
        float[] values = [.. Enumerable.Range(0, 200_001).Select(i => MathF.Sqrt(i))];
        using var tensor = Tensor.FromArray(values);
        using var written = new MemoryStream();
        NpyFile.Write(written, tensor);
        written.Position = 0;
        NpyFile.Read(written, "it.npy").ToArray().Should().Equal(values);
    }

    [Theory]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", 20,
        "it.npy: shape (2, 3) of Float32 takes 24 bytes, but only 20 follow. Is the file cut short?")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", 25, "it.npy: 1 bytes follow the last element.")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", 4, "it.npy: axis 0 has the negative size -1.")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (65536, 65536), }", 4,
        "it.npy: shape (65536, 65536) has more than 2^31 - 1 elements.")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296, 4294967296), }", 4,
        "*more than 2^31 - 1 elements.")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }", 4,
        "*its header should have a 64-bit integer at character*")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,1), }", 4,
        "it.npy: it has 9 axes, but at most 8 can be read.")]
    [InlineData("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", 4,
        "it.npy: its header has the key 'descr' twice.")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'code': 'rm'}", 4,
        "it.npy: its header has the unknown key 'code'.")]
    [InlineData("{'descr': '<f4', 'shape': (1,), }", 4,
        "it.npy: its header should have the keys 'descr', 'fortran_order' and 'shape'.")]
    [InlineData("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", 4,
        "it.npy: its elements are records of several fields. Save each field as a separate array.")]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", 4,
        "it.npy: its elements are '|O', a type that cannot be read.")]
    [InlineData("{'descr': '<f4', 'fortran_order': Maybe, 'shape': (1,), }", 4,
        "it.npy: its header should have True or False at character 34.")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), } + 1", 4,
        "it.npy: its header should have the end at character 58.")]
    [InlineData("((((((((((((((((", 4, "it.npy: its header should have '{' at character 0.")]
    public void A_bad_header_is_an_error_that_says_what_is_wrong(string header, int dataBytes, string message)
    {
        byte[] file = [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. Encoding.ASCII.GetBytes(header),
            .. new byte[dataBytes]];
        FluentActions.Invoking(() => NpyFile.Read(new MemoryStream(file), "it.npy"))
            .Should().Throw<TensorFileException>().WithMessage(message);
    }

    [Fact]
    public void Other_files_and_versions_are_refused()
    {
        FluentActions.Invoking(() => NpyFile.Read(new MemoryStream("this is no array"u8.ToArray()), "it.npy"))
            .Should().Throw<TensorFileException>()
            .WithMessage("it.npy: it does not begin like a .npy file. It seems to be a text file.");
        FluentActions.Invoking(() => NpyFile.Read(new MemoryStream([1]), "it.npy")).Should().Throw<TensorFileException>()
            .WithMessage("it.npy: it ends after 1 more bytes, but 8 are expected. Is the file cut short?");
        FluentActions.Invoking(() => NpyFile.Read(new MemoryStream([0x93, .. "NUMPY"u8, 4, 0, 0, 0]), "it.npy"))
            .Should().Throw<TensorFileException>()
            .WithMessage("it.npy: it is .npy version 4.0; only versions 1 to 3 can be read.");
        FluentActions.Invoking(() => NpyFile.Read(new MemoryStream([0x93, .. "NUMPY"u8, 2, 0, 255, 255, 255, 255]), "it.npy"))
            .Should().Throw<TensorFileException>()
            .WithMessage("it.npy: its header claims 4294967295 bytes, but 0 follow, and at most 65536 are read.");
        FluentActions.Invoking(() => Read(TensorFileGoldens.Complex)).Should().Throw<TensorFileException>()
            .WithMessage("it.npy: its elements are '<c8', a type that cannot be read.");
    }

    [Theory]
    [InlineData(TensorFileGoldens.Float32)]
    [InlineData(TensorFileGoldens.Int32ColumnMajor)]
    public void A_damaged_file_loads_or_is_refused(string golden) => Fuzz.Check(Convert.FromBase64String(golden), bytes =>
    {
        NpyFile.Read(new MemoryStream(bytes), "it.npy", convert: true).Dispose();
        NpyFile.ReadIndices(new MemoryStream(bytes), "it.npy").Dispose();
    });

    private static byte[] Bytes(string header, byte[] data) =>
        [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. Encoding.ASCII.GetBytes(header), .. data];

    private static Tensor Read(string golden, bool convert = false) => Read(Convert.FromBase64String(golden), convert);

    private static Tensor Read(byte[] file, bool convert = false) => NpyFile.Read(new MemoryStream(file), "it.npy", convert);

    private static IndexTensor ReadIndices(string golden) =>
        NpyFile.ReadIndices(new MemoryStream(Convert.FromBase64String(golden)), "it.npy");
}
