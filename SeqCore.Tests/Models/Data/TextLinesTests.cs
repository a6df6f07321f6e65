using System.IO.Compression;
using System.Text;
using SeqCore.Models;

namespace SeqCore.Tests.Models.Data;

public sealed class TextLinesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("a\nb\r\nc\rd", "a|b|c|d")]
    [InlineData("a\n\nb\n", "a||b")]
    [InlineData("\r\n\r\n\r", "||")]
    [InlineData("", "")]
    [InlineData("\uFEFFa\n\uFEFFb", "a|\uFEFFb")]
    [InlineData("größe 😀\nb", "größe 😀|b")]
    public void Lines_end_with_any_of_the_three_ends(string text, string lines)
    {
        var read = TextLines.Read(folder.Write("a.txt", Encoding.UTF8.GetBytes(text))).ToList();
        string.Join('|', read.Select(l => l.Text)).Should().Be(lines);
        read.Select(l => l.Number).Should().Equal(Enumerable.Range(1, read.Count).Select(n => (long)n));
    }

    [Fact]
    public void Lines_that_lie_across_chunks_are_whole()
    {
        // Ends of every kind at every distance to the ends of the chunks of 65,536 bytes, also in a gzip file.
        var random = new Random(1);
        for (var round = 0; round < 60; round++)
        {
            var longOnes = Enumerable.Range(0, 5).Select(_ => new string('ä', random.Next(32_700, 32_800)) + random.Next(100));
            string[] lines = [.. longOnes, "z"];
            var text = string.Concat(lines.Select(l => l + random.GetItems(["\n", "\r\n", "\r"], 1)[0]));
            var bytes = Encoding.UTF8.GetBytes(text);
            TextLines.Read(folder.Write("long.txt", bytes)).Select(l => l.Text).Should().Equal(lines);
            if (round % 10 == 0)
                TextLines.Read(folder.Write("long.txt.gz", Packed(bytes))).Select(l => l.Text).Should().Equal(lines);
        }
    }

    [Fact]
    public void A_file_is_read_as_it_is_enumerated()
    {
        var path = folder.Write("a.txt", Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("a line\n", 2_000_000))));
        var before = GC.GetAllocatedBytesForCurrentThread();
        TextLines.Read(path).Take(10).Should().HaveCount(10);
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(1 << 20);
    }

    [Theory]
    [InlineData("a\nb\xff" + "c", "*'*a.txt', line 2, column 2: the byte 0xFF is not valid UTF-8*Latin-1*")]
    [InlineData("gr\xf6\xdf" + "e", "*line 1, column 3: the byte 0xF6*")]
    [InlineData("a\n\nbc\0d", "*line 3, column 3: there is a character NUL*")]
    [InlineData("\xff\xfe" + "a\0", "*is UTF-16*")]
    [InlineData("ok\nend\xc3", "*line 2, column 4: the byte 0xC3*")]
    public void What_is_not_text_is_told_with_its_place(string latin, string message)
    {
        var path = folder.Write("a.txt", Encoding.Latin1.GetBytes(latin));
        FluentActions.Invoking(() => TextLines.Read(path).Count()).Should().Throw<DataSourceException>().WithMessage(message);
    }

    [Fact]
    public void Files_that_cannot_be_read_are_told_by_name()
    {
        Refused(folder.File("none.txt"), "*none.txt' does not exist*");
        Refused(folder.Path, "*is a folder*");
        var packed = Packed(Encoding.UTF8.GetBytes("some text"));
        Refused(folder.Write("cut.gz", packed[..^4]), "Text file '*cut.gz' ends before the end of its gzip data*");

        static void Refused(string path, string message) => FluentActions.Invoking(() => TextLines.Read(path).Count()).Should()
            .Throw<DataSourceException>().WithMessage(message);
    }

    private static byte[] Packed(byte[] bytes)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return packed.ToArray();
    }
}
