using System.Buffers.Binary;
using System.Text;

namespace SeqCore.Tests.Tensors.Files;

public class SafetensorsFileTests
{
    [Fact]
    public void Every_type_is_read()
    {
        using var file = Open(Convert.FromBase64String(TensorFileGoldens.Safetensors));
        file.Metadata.Should().Equal(new Dictionary<string, string> { ["format"] = "pt" });
        file.Entries.Keys.Should().Equal("f32", "f16", "bf16", "f64", "i64", "i32", "none");
        file.Entries["f32"].Shape.Should().Equal(2, 1);
        file.Entries["f16"].TypeName.Should().Be("F16");
        foreach (var name in new[] { "f32", "f16", "bf16" })
            file.Read(name).ToArray().Should().Equal(1.5f, -2f);
        file.Read("f64", convert: true).ToArray().Should().Equal(0.1f);
        file.Read("i64", convert: true).ToArray().Should().Equal(-7f, 2147483648f);
        file.ReadIndices("i64").ToArray().Should().Equal(-7, int.MaxValue);
        file.ReadIndices("i32").Shape.Should().BeEmpty();
        file.ReadIndices("i32").ToArray().Should().Equal(5);
        file.Read("none").Shape.Should().Equal(0, 3);
    }

    [Fact]
    public void Rounding_and_mixing_up_types_has_to_be_asked_for()
    {
        using var file = Open(Convert.FromBase64String(TensorFileGoldens.Safetensors));
        file.Invoking(f => f.Read("f64")).Should().Throw<TensorFileException>()
            .WithMessage("it.safetensors: tensor 'f64': its elements are Float64. Ask for conversion to float32.");
        file.Invoking(f => f.ReadIndices("f16")).Should().Throw<TensorFileException>()
            .WithMessage("it.safetensors: tensor 'f16': its elements are Float16, not integers. Read it as a tensor.");
        file.Invoking(f => f.Read("f31")).Should().Throw<TensorFileException>()
            .WithMessage("it.safetensors: tensor 'f31': the file has no tensor of this name."
                + " It has f32, f16, bf16, f64, i64, i32, none.")
            .Which.Tensor.Should().Be("f31");
    }

    [Fact]
    public void What_is_written_comes_back_in_order_with_its_metadata()
    {
        using var folder = new Models.TemporaryFolder();
        using var matrix = Tensor.FromSpan([1f, float.NaN, -0f, 4f, 5f, 6f], [2, 3]);
        using var transposed = matrix.Transpose();
        var tensors = new Dictionary<string, Tensor>
        {
            ["z.weight"] = matrix,
            ["a.\"quoted\" Ω"] = transposed,
            ["none"] = Tensor.Zeros([0]),
        };
        var metadata = new Dictionary<string, string> { ["who"] = "\n\\é" };
        SafetensorsFile.Write(folder.File("x"), tensors, metadata);

        using var file = SafetensorsFile.Open(folder.File("x"));
        file.Entries.Keys.Should().Equal(tensors.Keys);
        file.Metadata.Should().Equal(metadata);
        var read = file.ReadAll();
        foreach (var (name, tensor) in tensors)
        {
            read[name].Shape.Should().Equal(tensor.Shape);
            read[name].ToArray().Select(BitConverter.SingleToInt32Bits)
                .Should().Equal(tensor.ToArray().Select(BitConverter.SingleToInt32Bits));
        }
    }

    [Fact]
    public void Indices_are_written_beside_tensors()
    {
        using var stream = new MemoryStream();
        SafetensorsFile.Write(stream, [new("x", Tensor.Ones([2]))], [new("i", IndexTensor.FromSpan([1, -2, 3], [3]))]);
        using var file = Open(stream.ToArray());
        file.Read("x").ToArray().Should().Equal(1f, 1f);
        file.ReadIndices("i").ToArray().Should().Equal(1, -2, 3);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("__metadata__")]
    public void A_name_is_written_once(string name)
    {
        using var tensor = Tensor.Ones([1]);
        FluentActions.Invoking(() => SafetensorsFile.Write(Stream.Null, [new("x", tensor), new(name, tensor)]))
            .Should().Throw<ArgumentException>()
            .WithMessage($"SafetensorsFile.Write: the name '{name}' is taken; each tensor needs a unique one.");
    }

    private const string One = """{"dtype":"F32","shape":[1],"data_offsets":[0,4]}""";

    [Theory]
    [InlineData("", 0, "*its header is not valid JSON*")]
    [InlineData("{", 0, "*its header is not valid JSON*")]
    [InlineData("[]", 0, "*the header should be StartObject in the header's JSON; got StartArray.")]
    [InlineData("{\"x\":" + One + ",\"x\":" + One + "}", 4, "*tensor 'x': the header has it twice.")]
    [InlineData("{\"x\":" + One + ",\"y\":" + One + "}", 4,
        "*tensor 'y': its bytes from 0 overlap those of 'x', which end at 4.")]
    [InlineData("{\"x\":" + One + "}", 3, "*tensor 'x': it ends at byte 4, but only 3 follow the header. Is the file cut short?")]
    [InlineData("{\"x\":" + One + "}", 5, "it.safetensors: 5 bytes follow the header, but its tensors end at byte 4.")]
    [InlineData("{\"x\":" + One + "} {}", 4, "*its header is not valid JSON*")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8,
        "*tensor 'x': it begins at byte 4, but the bytes from 0 on belong to no tensor.")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 8,
        "*tensor 'x': its data_offsets 4 to 0 are not valid.")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4,
        "*tensor 'x': shape (2,) of F32 takes 8 bytes, but data_offsets 0 to 4 are 4.")]
    [InlineData("""{"x":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4,
        "*tensor 'x': axis 0 has the negative size -1.")]
    [InlineData("""{"x":{"dtype":"F32","shape":[65536,65536],"data_offsets":[0,4]}}""", 4,
        "*tensor 'x': shape (65536, 65536) has more than 2^31 - 1 elements.")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1e3],"data_offsets":[0,4]}}""", 4,
        "*tensor 'x': shape has the number 1e3, which is not a 64-bit integer.")]
    [InlineData("""{"x":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,4]}}""", 4,
        "*which is not a 64-bit integer.")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1],"data_offsets":[0,4]}}""", 4,
        "*tensor 'x': it has 9 axes, but at most 8 can be read.")]
    [InlineData("""{"x":{"dtype":"F32","shape":[[1]],"data_offsets":[0,4]}}""", 4,
        "*tensor 'x': the end of shape should be EndArray in the header's JSON; got StartArray.")]
    [InlineData("""{"x":{"dtype":1,"shape":[1],"data_offsets":[0,4]}}""", 4,
        "*tensor 'x': dtype should be String in the header's JSON; got Number.")]
    [InlineData("""{"x":{"shape":[1],"data_offsets":[0,4]}}""", 4,
        "*tensor 'x': its entry should have dtype, shape and two data_offsets.")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}""", 4,
        "*tensor 'x': its entry should have dtype, shape and two data_offsets.")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"shape":[1],"data_offsets":[0,4]}}""", 4,
        "*tensor 'x': its entry has the key 'shape' twice.")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"more":[0,4]}}""", 4, "*tensor 'x': its entry has the unknown key 'more'.")]
    [InlineData("""{"x":1}""", 4, "*tensor 'x': its entry should be StartObject in the header's JSON; got Number.")]
    [InlineData("""{"__metadata__":{"a":1}}""", 0,
        "*the value of 'a' in __metadata__ should be String in the header's JSON; got Number.")]
    [InlineData("""{"__metadata__":{"a":"1","a":"2"}}""", 0, "*__metadata__ has the key 'a' twice.")]
    [InlineData("""{"__metadata__":{},"__metadata__":{}}""", 0, "*its header has __metadata__ twice.")]
    [InlineData("""{"\ud800":1}""", 0, "*its header contains an unpaired surrogate in a string.")]
    [InlineData("""{"x":[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]}""", 0, "*")]
    [InlineData("""{"x":{"dtype":[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]}}""", 0, "*")]
    public void A_bad_header_is_an_error_that_says_what_is_wrong(string json, int dataBytes, string message) =>
        FluentActions.Invoking(() => Open(File(json, dataBytes))).Should().Throw<TensorFileException>().WithMessage(message);

    [Fact]
    public void Lengths_beyond_the_file_allocate_nothing()
    {
        byte[] huge = [0, 0, 0, 0, 0, 0, 0, 0x80, (byte)'{'];
        byte[] tooMuch = [0, 0xE0, 0xF5, 0x05, 0, 0, 0, 0, (byte)'{'];
        var before = GC.GetAllocatedBytesForCurrentThread();
        FluentActions.Invoking(() => Open(huge)).Should().Throw<TensorFileException>()
            .WithMessage("it.safetensors: its header claims 9223372036854775808 bytes, but at most 100000000 are"
                + " read.");
        FluentActions.Invoking(() => Open(tooMuch)).Should().Throw<TensorFileException>()
            .WithMessage("it.safetensors: its header claims 99999744 bytes, but only 1 follow. Is the file cut short?");
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(1_000_000);
    }

    [Fact]
    public void Bytes_that_are_no_UTF8_are_refused() =>
        FluentActions.Invoking(() => Open([4, 0, 0, 0, 0, 0, 0, 0, (byte)'{', 0xC0, 0x80, (byte)'}']))
            .Should().Throw<TensorFileException>()
            .WithMessage("it.safetensors: its header is not valid UTF-8.");

    [Fact]
    public void A_type_that_is_not_read_leaves_the_others_readable()
    {
        using var file = Open(File(
            """{"x":{"dtype":"F8_E4M3","shape":[2],"data_offsets":[0,2]},"y":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}""",
            6));
        file.Read("y").ToArray().Should().Equal(0f);
        file.Invoking(f => f.Read("x")).Should().Throw<TensorFileException>()
            .WithMessage("it.safetensors: tensor 'x': its elements are F8_E4M3, a type that cannot be read.");
    }

    [Fact]
    public void All_are_read_but_those_that_are_left_out()
    {
        const string Json = """
            {"ids":{"dtype":"I64","shape":[1],"data_offsets":[0,8]},"x":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}
            """;
        using var file = Open(File(Json, 12));
        file.ReadAll(where: (_, entry) => entry.TypeName != "I64").Keys.Should().Equal("x");
        file.ReadAll(where: (name, _) => name == "x").Keys.Should().Equal("x");
        file.ReadAll(convert: true).Keys.Should().Equal("ids", "x");
        file.Invoking(f => f.ReadAll()).Should().Throw<TensorFileException>().WithMessage("it.safetensors: tensor 'ids': its"
            + " elements are I64. Leave it out with where: (name, entry) => entry.TypeName != \"I64\", or ask for conversion to"
            + " float32.");
    }

    [Theory]
    [InlineData("PK\u0003\u0004 and more", "a zip file, such as .npz or what torch.save writes")]
    [InlineData("\u0080\u0002\u008A\nl\u00FC and more", "a Python pickle, such as old versions of torch.save write")]
    [InlineData("{\"model_type\": 1}", "JSON")]
    [InlineData("To be, or not to be", "a text file")]
    [InlineData("<!DOCTYPE html><html>", "a web page or XML")]
    [InlineData("version https://git-lfs.github.com/spec/v1",
        "a Git LFS pointer instead of the file itself; run git lfs pull")]
    [InlineData("GGUF\u0003\0\0\0\u0001\0\0", "a GGUF file")]
    public void Another_kind_of_file_is_named(string content, string kind)
    {
        var refused = FluentActions.Invoking(() => Open(System.Text.Encoding.Latin1.GetBytes(content)))
            .Should().Throw<TensorFileException>()
            .WithMessage($"it.safetensors: it is not a safetensors file: *. It seems to be {kind}.");
        refused.Which.IsOtherFormat.Should().BeTrue();
    }

    [Fact]
    public void A_stream_that_cannot_seek_is_refused() =>
        FluentActions.Invoking(() => SafetensorsFile.Open(GzipFile.Unpack(new MemoryStream(), "x"), "x"))
            .Should().Throw<ArgumentException>().WithMessage("*the stream cannot seek*");

    [Fact]
    public void Tensors_begin_at_a_multiple_of_8_bytes_after_as_few_blanks_as_that_takes()
    {
        using var x = Tensor.FromArray([1f]);
        for (var length = 1; length <= 16; length++)
        {
            using var stream = new MemoryStream();
            SafetensorsFile.Write(stream, [new(new string('n', length), x)]);
            var bytes = stream.ToArray();
            var header = Encoding.UTF8.GetString(bytes.AsSpan(8, (int)BinaryPrimitives.ReadInt64LittleEndian(bytes)));

            (header.Length % 8).Should().Be(0);
            header.TrimEnd(' ').Should().EndWith("}");
            (header.Length - header.TrimEnd(' ').Length).Should().BeLessThan(8);
            bytes.Should().HaveCount(8 + header.Length + 4);
        }
    }

    [Fact]
    public void A_checksum_is_in_the_metadata_and_no_tensor()
    {
        var bytes = WithChecksum(["who", "me"]);
        using var file = Open(bytes);

        file.HasChecksum.Should().BeTrue();
        file.VerifyChecksum();
        file.Entries.Keys.Should().Equal("x", "i");
        file.Metadata.Should().Equal(new Dictionary<string, string> { ["who"] = "me" });
        Encoding.Latin1.GetString(bytes).Should().MatchRegex(
            "{\"__metadata__\":{\"who\":\"me\",\"checksum.crc32c\":\"[0-9a-f]{8}\"}");
        Resealed(bytes).Should().Equal(bytes);
    }

    [Fact]
    public void Every_changed_bit_is_noticed()
    {
        var bytes = WithChecksum([]);
        for (var bit = 0; bit < 8 * bytes.Length; bit++)
        {
            byte[] altered = [.. bytes];
            altered[bit / 8] ^= (byte)(1 << (bit % 8));
            FluentActions.Invoking(() =>
            {
                using var file = Open(altered);
                file.VerifyChecksum();
            }).Should().Throw<TensorFileException>($"bit {bit} is another").WithMessage("it.safetensors: *");
        }
    }

    [Fact]
    public void A_changed_element_is_named_with_both_checksums_and_the_way_out()
    {
        var bytes = WithChecksum([]);
        bytes[^1] ^= 1;
        using var file = Open(bytes);
        file.Invoking(f => f.VerifyChecksum()).Should().Throw<TensorFileException>().WithMessage(
            "it.safetensors: its CRC-32C is *, but its metadata have *. Take another copy of it; *remove 'checksum.crc32c' *");
    }

    [Fact]
    public void A_stream_that_cannot_seek_gets_the_same_bytes_and_what_follows_is_left_alone()
    {
        using var there = new MemoryStream();
        there.Write([1, 2, 3]);
        WithChecksum([], there);
        there.Position.Should().Be(there.Length);
        using var packed = new MemoryStream();
        using (var pipe = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.NoCompression))
            WithChecksum([], pipe);
        using var unpacked = new System.IO.Compression.GZipStream(new MemoryStream(packed.ToArray()),
            System.IO.Compression.CompressionMode.Decompress);
        using var same = new MemoryStream();
        unpacked.CopyTo(same);

        same.ToArray().Should().Equal(WithChecksum([])).And.Equal(there.ToArray()[3..]);
    }

    [Fact]
    public void The_checksum_of_another_file_is_not_copied_with_its_metadata()
    {
        using var x = Tensor.Scalar(1f);
        var stream = new MemoryStream();
        var metadata = new Dictionary<string, string> { ["checksum.crc32c"] = "12345678" };
        SafetensorsFile.Write(stream, [new("x", x)], metadata: metadata);
        using var file = Open(stream.ToArray());

        file.HasChecksum.Should().BeFalse();
        file.Invoking(f => f.VerifyChecksum()).Should().Throw<TensorFileException>()
            .WithMessage("it.safetensors: it has no checksum ('checksum.crc32c' in its metadata).");
    }

    /// <summary>The file with the checksum that belongs to its bytes, computed bit by bit; as it is where it has none.</summary>
    internal static byte[] Resealed(byte[] bytes)
    {
        var place = bytes.AsSpan().IndexOf("\"checksum.crc32c\":\""u8) + 19;
        if (place < 19 || place + 8 > bytes.Length)
            return bytes;
        byte[] result = [.. bytes];
        result.AsSpan(place, 8).Fill((byte)'0');
        Encoding.ASCII.GetBytes(Crc32CTests.BitByBit(result).ToString("x8", null)).CopyTo(result, place);
        return result;
    }

    private static byte[] WithChecksum(string[] metadata)
    {
        var stream = new MemoryStream();
        WithChecksum(metadata, stream);
        return stream.ToArray();
    }

    private static void WithChecksum(string[] metadata, Stream stream)
    {
        using var x = Tensor.FromSpan([1f, -2f, 3f], [3]);
        using var i = IndexTensor.FromSpan([1, 2], [2]);
        SafetensorsFile.Write(stream, [new("x", x)], [new("i", i)], metadata.Chunk(2).ToDictionary(m => m[0], m => m[1]),
            checksum: true);
    }

    [Fact]
    public void A_damaged_file_loads_or_is_refused() =>
        Fuzz.Check(Convert.FromBase64String(TensorFileGoldens.Safetensors), bytes =>
    {
        using var file = Open(bytes);
        foreach (var name in file.Entries.Keys)
            file.Read(name, convert: true).Dispose();
    }, 4000);

    private static SafetensorsFile Open(byte[] bytes) => SafetensorsFile.Open(new MemoryStream(bytes), "it.safetensors");

    private static byte[] File(string json, int dataBytes)
    {
        var header = Encoding.UTF8.GetBytes(json);
        var file = new byte[8 + header.Length + dataBytes];
        BinaryPrimitives.WriteInt64LittleEndian(file, header.Length);
        header.CopyTo(file, 8);
        return file;
    }
}
