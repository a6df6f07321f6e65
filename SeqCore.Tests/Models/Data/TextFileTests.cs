using System.Text;
using SeqCore.Models;
using SeqCore.Tests.Tensors.Files;

namespace SeqCore.Tests.Models.Data;

public sealed class TextFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Texts_longer_than_a_chunk_are_read_whole()
    {
        // Characters of one to four bytes, shifted so that each of them lies across the border of a chunk in one of the files.
        foreach (var shift in Enumerable.Range(0, 10))
        {
            var text = new string('x', shift) + string.Concat(Enumerable.Repeat("a\u00E9\u20AC\U0001F600", 20_000));
            var bytes = Encoding.UTF8.GetBytes(text);
            TextFile.Read(folder.Write("plain", bytes)).Should().Be(text);
            TextFile.Read(folder.Write("packed.gz", GzipFileTests.Packed(bytes))).Should().Be(text);
            TextFile.Read(folder.Write("marked", [.. "\uFEFF"u8, .. bytes])).Should().Be(text);
        }
    }

    [Fact]
    public void A_character_that_breaks_off_is_named()
    {
        Refused([.. "ab"u8, 0xE2, 0x82]).Should().Contain("is not UTF-8: the byte 0xE2 at offset 2 is not valid there");
        Refused([.. new byte[100_000].Select(_ => (byte)'x'), 0xFF]).Should().Contain("the byte 0xFF at offset 100000");
        Refused([.. "\uFEFFab"u8, 0xE2]).Should().Contain("at offset 5 ");
    }

    [Fact]
    public void A_packed_file_that_breaks_off_is_an_error()
    {
        var packed = GzipFileTests.Packed("one\teins\ntwo\tzwei\n"u8.ToArray());
        Refused(packed[..^9]).Should().Contain("ends before the end of its gzip data");
        Refused(packed[..^1]).Should().Contain("ends before the end of its gzip data");
        Refused(GzipFileTests.Packed([0xFF])).Should().Contain("', decompressed, is not UTF-8: the byte 0xFF at offset 0 ");
    }

    [Fact]
    public void UTF16_and_NUL_are_named_with_their_place()
    {
        Refused([.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("text")]).Should().Contain("is UTF-16. Convert");
        Refused([.. Encoding.BigEndianUnicode.Preamble, .. Encoding.BigEndianUnicode.GetBytes("text")])
            .Should().Contain("is UTF-16.");
        Refused(Encoding.Unicode.GetBytes("text"))
            .Should().Contain("contains the character NUL at offset 1. It seems to be UTF-16;");
        Refused(Encoding.BigEndianUnicode.GetBytes("text")).Should().Contain("NUL at offset 0. It seems to be UTF-16;");
        Refused([.. new byte[70_000].Select(_ => (byte)'x'), 0, 1])
            .Should().Contain("NUL at offset 70000. It does not seem to be text.");
    }

    [Fact]
    public void A_text_longer_than_a_string_names_the_limit_and_the_way_out()
    {
        FluentActions.Invoking(() => TextFile.Read(new MemoryStream("12345"u8.ToArray()), "it", maximumLength: 4))
            .Should().Throw<DataSourceException>().WithMessage("Text file 'it' has more than 4 UTF-16 units, the most that a .NET"
                + " string holds. Split it into several files, or write a batch source that reads it piece by piece.");
        TextFile.Read(new MemoryStream("1234"u8.ToArray()), "it", maximumLength: 4).Should().Be("1234");
    }

    [Fact]
    public void Devices_end_or_are_refused()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Their names are Linux's.");
        TextFile.Read("/dev/null").Should().BeEmpty();
        TextFile.Read("/proc/version").Should().StartWith("Linux");
        FluentActions.Invoking(() => TextFile.Read("/dev/zero")).Should().Throw<DataSourceException>().WithMessage("*NUL*");
        FluentActions.Invoking(() => TextFile.Read("/dev/urandom")).Should().Throw<DataSourceException>();
        FluentActions.Invoking(() => TextFile.Read("/proc/self/mem")).Should().Throw<DataSourceException>();
    }

    private string Refused(byte[] content) => FluentActions.Invoking(() => TextFile.Read(folder.Write("file", content)))
        .Should().Throw<DataSourceException>().Which.Message;
}
