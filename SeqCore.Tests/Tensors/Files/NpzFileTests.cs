using System.IO.Compression;

namespace SeqCore.Tests.Tensors.Files;

public class NpzFileTests
{
    [Fact]
    public void Stored_and_deflated_arrays_are_read_as_NumPy_wrote_them()
    {
        using var stored = Open(Convert.FromBase64String(TensorFileGoldens.Stored));
        stored.Names.Should().Equal("a", "b");
        stored.Read("a").ToArray().Should().Equal(1.5f, -2f, 3.25f, 0f, 1e-30f, float.NegativeInfinity);
        stored.ReadIndices("b").ToArray().Should().Equal(0, 1, 2);

        using var deflated = Open(Convert.FromBase64String(TensorFileGoldens.Deflated));
        deflated.Read("a").ToArray().Should().Equal(1.5f, -2f, 3.25f, 0f, 1e-30f, float.NegativeInfinity);
        deflated.Read("zeros").ToArray().Should().Equal(new float[1000]);
    }

    [Fact]
    public void Folders_and_other_files_in_it_are_left_out()
    {
        using var packed = new MemoryStream();
        using (var archive = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            archive.CreateEntry("folder/");
            archive.CreateEntry("README.txt");
            using var content = archive.CreateEntry("x.npy").Open();
            content.Write(Convert.FromBase64String(TensorFileGoldens.Float32));
        }

        using var file = Open(packed.ToArray());
        file.Names.Should().Equal("x");
        file.Read("x").Shape.Should().Equal(2, 3);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_written_comes_back(bool compress)
    {
        using var folder = new Models.TemporaryFolder();
        using var x = Tensor.FromSpan([1f, 2f, 3f], [3]);
        using var y = Tensor.Zeros([100, 100]);
        NpzFile.Write(folder.File("x.npz"), [new("x", x), new("deep/y", y)], compress);

        using var file = NpzFile.Open(folder.File("x.npz"));
        file.Names.Should().Equal("x", "deep/y");
        file.Read("x").ToArray().Should().Equal(1f, 2f, 3f);
        file.Read("deep/y").Shape.Should().Equal(100, 100);
        (new FileInfo(folder.File("x.npz")).Length < 2000).Should().Be(compress);
    }

    [Fact]
    public void Names_are_unique_and_missing_ones_are_reported()
    {
        using var x = Tensor.Ones([1]);
        FluentActions.Invoking(() => NpzFile.Write(new MemoryStream(), [new("x", x), new("x", x)]))
            .Should().Throw<ArgumentException>()
            .WithMessage("NpzFile.Write: the name 'x' is taken; each tensor needs a unique one.");
        using var file = Open(Convert.FromBase64String(TensorFileGoldens.Stored));
        file.Invoking(f => f.Read("c")).Should().Throw<TensorFileException>()
            .WithMessage("it.npz: tensor 'c': the file has no array of this name. It has a, b.");
        FluentActions.Invoking(() => Open(Zip(("a.npy", []), ("a.npy", [])))).Should().Throw<TensorFileException>()
            .WithMessage("it.npz: tensor 'a': the file has it twice.");
    }

    [Fact]
    public void Files_that_are_no_zip_or_no_arrays_are_refused()
    {
        FluentActions.Invoking(() => Open("no zip file at all"u8.ToArray()))
            .Should().Throw<TensorFileException>().WithMessage("it.npz: it is not a valid zip file*");
        using var text = Open(Zip(("readme.txt", "this is no array"u8.ToArray())));
        text.Invoking(f => f.Read("readme.txt")).Should().Throw<TensorFileException>()
            .WithMessage("it.npz: tensor 'readme.txt': the file has no array of this name. It has no arrays.");
    }

    [Fact]
    public void A_name_may_be_as_long_as_a_zip_file_can_hold_and_no_longer()
    {
        const int Longest = ushort.MaxValue - 4;
        using var x = Tensor.Scalar(1f);
        using var stream = new MemoryStream();
        NpzFile.Write(stream, [new(new string('a', Longest), x)]);
        using (var file = NpzFile.Open(new MemoryStream(stream.ToArray()), "it.npz"))
            file.Names.Should().ContainSingle().Which.Should().HaveLength(Longest);

        foreach (var name in new[] { new string('a', Longest + 1), new string('\u00E9', Longest / 2 + 1) })
        {
            FluentActions.Invoking(() => NpzFile.Write(stream, [new(name, x)])).Should().Throw<ArgumentException>()
                .WithMessage($"NpzFile.Write: a name of {name.Length} characters is longer than a zip file can hold.");
        }
    }

    [Fact]
    public void Entries_that_claim_together_more_bytes_than_the_file_has_are_refused()
    {
        using var x = Tensor.Zeros([1000]);
        using var stream = new MemoryStream();
        NpzFile.Write(stream, [new("a", x), new("b", x)]);
        var bytes = stream.ToArray();
        Open(bytes).Dispose();

        // The second entry of the directory claims so many bytes that there would be room for them only if it were alone.
        var second = bytes.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0x50, 0x4B, 1, 2]);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(second + 20), bytes.Length - 1000);
        FluentActions.Invoking(() => Open(bytes)).Should().Throw<TensorFileException>()
            .WithMessage("it.npz: tensor 'b': it claims more bytes than the file has; entries overlap or are cut short.");

        static NpzFile Open(byte[] bytes) => NpzFile.Open(new MemoryStream(bytes), "it.npz");
    }

    [Fact]
    public void A_changed_byte_is_noticed_by_the_checksum()
    {
        var bytes = Convert.FromBase64String(TensorFileGoldens.Stored);
        bytes[bytes.AsSpan().IndexOf("\n"u8) + 2] ^= 1;
        using var file = Open(bytes);
        file.Invoking(f => f.Read("a"))
            .Should().Throw<TensorFileException>().WithMessage("it.npz: tensor 'a': its checksum does not match its bytes.");
    }

    [Fact]
    public void A_small_file_that_unpacks_to_much_is_refused_before_it_is_unpacked()
    {
        byte[] zeros = [.. Npy([1000, 1000]), .. new byte[4_000_000]];
        var bomb = Zip(("a.npy", zeros), ("b.npy", zeros));
        bomb.Length.Should().BeLessThan(20_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        FluentActions.Invoking(() => Open(bomb, 5_000_000)).Should().Throw<TensorFileException>()
            .WithMessage("it.npz: tensor 'b': up to it, the file expands to more than 5000000 bytes."
                + " Raise maximumBytes if you trust the file.");
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(1_000_000);
        Open(bomb).Names.Should().Equal("a", "b");
    }

    [Fact]
    public void An_impossible_compression_is_refused()
    {
        byte[] zeros = [.. Npy([10]), .. new byte[40]];
        var bytes = Zip(("a.npy", zeros));
        var directory = bytes.AsSpan().LastIndexOf("PK\x01\x02"u8);
        BitConverter.TryWriteBytes(bytes.AsSpan(directory + 24), 1_000_000_000);
        FluentActions.Invoking(() => Open(bytes)).Should().Throw<TensorFileException>()
            .WithMessage("it.npz: tensor 'a': it claims to expand * bytes to 1000000000, which no compression used here can do.");
    }

    [Theory]
    [InlineData(TensorFileGoldens.Stored)]
    [InlineData(TensorFileGoldens.Deflated)]
    public void A_damaged_file_loads_or_is_refused(string golden) => Fuzz.Check(Convert.FromBase64String(golden), bytes =>
    {
        using var file = Open(bytes);
        foreach (var name in file.Names)
            file.Read(name, convert: true).Dispose();
    });

    private static NpzFile Open(byte[] bytes, long maximumBytes = 1L << 32) =>
        NpzFile.Open(new MemoryStream(bytes), "it.npz", maximumBytes);

    private static byte[] Npy(Shape shape)
    {
        using var stream = new MemoryStream();
        using var tensor = Tensor.FromSpan(new float[shape.ElementCount], shape);
        NpyFile.Write(stream, tensor);
        return stream.ToArray()[..^(4 * shape.ElementCount)];
    }

    private static byte[] Zip(params (string Name, byte[] Content)[] entries)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in entries)
            {
                using var entry = archive.CreateEntry(name).Open();
                entry.Write(content);
            }
        }

        return stream.ToArray();
    }
}
