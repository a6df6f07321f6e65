using System.Text;
using SeqCore.Models;

namespace SeqCore.Tests.Models.Data;

public sealed class TextCorpusTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(1, 0)]
    [InlineData(10, 9)]
    [InlineData(19, 17)]
    [InlineData(1_115_394, 1_003_854)]
    public void The_first_nine_tenths_are_for_training(int length, int training)
    {
        var corpus = new TextCorpus(new string('a', length), "text");
        corpus.Training.Length.Should().Be(training);
        corpus.Validation.Length.Should().Be(length - training);
        corpus.Tokens.Length.Should().Be(length);
    }

    [Fact]
    public void A_file_is_read_as_utf8_without_its_byte_order_mark()
    {
        var path = folder.Write("a.txt", [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes("añb\r\n")]);
        var corpus = TextCorpus.Load(path);
        corpus.Tokenizer.Decode(corpus.Tokens.Span).Should().Be("añb\r\n");
    }

    [Fact]
    public void Bytes_that_are_not_utf8_are_named_with_their_offset()
    {
        var path = folder.Write("latin.txt", [.. "caf"u8, 0xE9, .. " noir"u8]);
        Loading(path).Should().Throw<DataSourceException>()
            .WithMessage($"Text file '{path}' is not UTF-8: the byte 0xE9 at offset 3 is not valid there."
                + " Convert the file to UTF-8 first.");
    }

    [Fact]
    public void A_sequence_cut_off_at_the_end_is_named_too() =>
        Loading(folder.Write("cut.txt", [0xEF, 0xBB, 0xBF, .. "ab"u8, 0xC3]))
            .Should().Throw<DataSourceException>().WithMessage("*0xC3 at offset 5*");

    [Fact]
    public void Missing_empty_and_unfit_files_say_so()
    {
        Loading(folder.File("none.txt"))
            .Should().Throw<DataSourceException>().WithMessage("*none.txt' does not exist. Check the path.");
        Loading(folder.File("none/none.txt")).Should().Throw<DataSourceException>().WithMessage("*does not exist*");
        Loading(folder.Path).Should().Throw<DataSourceException>().WithMessage("*is a folder*");
        Loading(folder.Write("empty.txt", [])).Should().Throw<DataSourceException>().WithMessage("*empty.txt' is empty*");
        var path = folder.Write("abc.txt", [.. "abc"u8]);
        FluentActions.Invoking(() => TextCorpus.Load(path, new CharacterTokenizer("ab"))).Should().Throw<DataSourceException>()
            .WithMessage("*abc.txt' does not fit the model:*'c'*position 2*");
    }

    private static Action Loading(string path) => () => TextCorpus.Load(path);
}
