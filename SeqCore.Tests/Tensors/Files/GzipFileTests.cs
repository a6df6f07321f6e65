using System.IO.Compression;
using System.Text;

namespace SeqCore.Tests.Tensors.Files;

public class GzipFileTests
{
    private static readonly byte[] text =
        Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, 5000).Select(i => $"line {i * i}")));

    [Theory]
    [InlineData(1)]
    [InlineData(70)]
    [InlineData(50_000)]
    public void Whole_files_are_unpacked(int length)
    {
        foreach (var level in Enum.GetValues<CompressionLevel>())
            Unpacked(Packed(text[..length], level)).Should().Equal(text[..length]);
    }

    [Fact]
    public void Pieces_one_after_the_other_are_one_file()
    {
        byte[] empty = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        byte[] stored = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0];
        Unpacked(empty).Should().BeEmpty();
        Unpacked(stored).Should().BeEmpty();
        Unpacked([.. Packed(text), .. empty, .. Packed(text[..3]), .. stored, .. empty]).Should().Equal([.. text, .. text[..3]]);
    }

    [Fact]
    public void A_header_may_have_every_part()
    {
        var packed = Packed(text);
        packed[3] = 2 | 4 | 8 | 16;
        byte[] whole = [.. packed[..10], 3, 0, 1, 2, 3, .. "name\0a comment\0"u8, 0, 0, .. packed[10..]];
        Unpacked(whole).Should().Equal(text);
        foreach (var length in Enumerable.Range(3, 33))
            Refused(whole[..length]).Should().StartWith("it.gz ends before");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(600)]
    [InlineData(65_535)]
    public void A_header_may_have_any_one_part_alone(int extra)
    {
        byte[] more = new byte[extra], packed = Packed(text);
        Array.Fill(more, (byte)1);
        Unpacked(With(4, [(byte)extra, (byte)(extra >> 8), .. more])).Should().Equal(text);
        Unpacked(With(8, [.. more, 0])).Should().Equal(text);
        Unpacked(With(16, [.. more, 0])).Should().Equal(text);
        Unpacked(With(2, [7, 7])).Should().Equal(text);
        Unpacked(With(1, [])).Should().Equal(text);
        Refused(With(32, [])).Should().Be("it.gz is damaged: its header is not a gzip header. Fetch it again.");

        byte[] With(byte flag, byte[] part) => [.. packed[..3], flag, .. packed[4..10], .. part, .. packed[10..]];
    }

    [Fact]
    public void A_file_that_breaks_off_anywhere_is_an_error()
    {
        var packed = Packed(text[..2000]);
        byte[] two = [.. packed, .. Packed(text[..100])];
        foreach (var length in Enumerable.Range(1, two.Length - 1).Where(n => n != packed.Length))
        {
            Refused(two[..length]).Should().Be(length == packed.Length + 1
                ? "it.gz is damaged: bytes that are not gzip data follow its gzip data. Fetch it again."
                : "it.gz ends before the end of its gzip data. The download or copy is incomplete: fetch it again.");
        }
    }

    [Fact]
    public void No_altered_bit_of_data_and_trailer_alters_a_text_unnoticed()
    {
        var packed = Packed(text[..300]);
        for (var bit = 8 * 10; bit < 8 * packed.Length; bit++)
        {
            byte[] altered = [.. packed];
            altered[bit / 8] ^= (byte)(1 << (bit % 8));
            try
            {
                // A bit that pads the packed data to whole bytes says nothing.
                Unpacked(altered).Should().Equal(text[..300]);
            }
            catch (IOException refused)
            {
                refused.Message.Should().StartWith("it.gz ");
            }
        }
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("\u001F")]
    [InlineData("\0")]
    public void Bytes_that_follow_are_an_error(string garbage) =>
        Refused([.. Packed(text), .. Encoding.Latin1.GetBytes(garbage)]).Should()
            .Be("it.gz is damaged: bytes that are not gzip data follow its gzip data. Fetch it again.");

    [Fact]
    public void A_stream_that_gives_a_byte_at_a_time_is_read_too()
    {
        using var content = GzipFile.Unpack(new Dripping(Packed(text)), "it.gz");
        using var result = new MemoryStream();
        content.CopyTo(result);
        result.ToArray().Should().Equal(text);
    }

    [Fact]
    public void Other_files_pass_as_they_are()
    {
        foreach (var bytes in new byte[][] { [], [0x1F], [0x1F, 0x8C, 1], text })
        {
            using var content = GzipFile.UnpackIfPacked(new MemoryStream(bytes), "it", out var isPacked);
            using var result = new MemoryStream();
            content.CopyTo(result);
            isPacked.Should().BeFalse();
            result.ToArray().Should().Equal(bytes);
        }
    }

    internal static byte[] Packed(byte[] content, CompressionLevel level = CompressionLevel.Optimal)
    {
        using var packed = new MemoryStream();
        using (var stream = new GZipStream(packed, level))
            stream.Write(content);
        return packed.ToArray();
    }

    private static byte[] Unpacked(byte[] packed)
    {
        using var content = GzipFile.Unpack(new MemoryStream(packed), "it.gz");
        using var result = new MemoryStream();
        content.CopyTo(result);
        return result.ToArray();
    }

    private static string Refused(byte[] packed) =>
        FluentActions.Invoking(() => Unpacked(packed)).Should().Throw<IOException>().Which.Message;

    private sealed class Dripping(byte[] content) : MemoryStream(content)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(1, buffer.Length)]);
    }
}
