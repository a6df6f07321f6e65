using SeqCore.Samples.CharLanguageModel.Tunes;

namespace SeqCore.Tests.Samples;

public class TuneComposerTests
{
    private static readonly string book = TuneComposer.Book();

    [Fact]
    public void The_book_is_about_200_kilobytes_of_whole_tunes()
    {
        book.Length.Should().BeInRange(200_000, 202_000);
        book.Should().EndWith("\n\n");
        book.All(char.IsAscii).Should().BeTrue();
    }

    [Fact]
    public void Every_tune_parses_and_every_bar_adds_up()
    {
        var verdicts = AbcChecker.CheckAll(book);
        verdicts.Should().HaveCountGreaterThan(500);
        verdicts.Where(v => !v.AddsUp).Should().BeEmpty();
    }

    [Fact]
    public void Equal_seeds_give_equal_books_and_others_do_not()
    {
        TuneComposer.Book(5000, 7).Should().Be(TuneComposer.Book(5000, 7));
        TuneComposer.Book(5000, 7).Should().NotBe(TuneComposer.Book(5000, 8));
        book.Should().StartWith(TuneComposer.Book(5000));
    }

    [Fact]
    public void The_book_never_changes() =>
        Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(book)))
            .Should().StartWith("A1FBBBF14DC0F8FF");

    [Theory]
    [InlineData("\nM:4/4\n")]
    [InlineData("\nM:2/2\n")]
    [InlineData("\nM:6/8\n")]
    [InlineData("\nM:9/8\n")]
    [InlineData("\nM:3/4\n")]
    [InlineData("\nM:2/4\n")]
    [InlineData("\nR:hornpipe\n")]
    [InlineData("\nK:G\n")]
    [InlineData("\nK:Dmix\n")]
    [InlineData("\nK:Ador\n")]
    [InlineData("\nK:Em\n")]
    [InlineData("|1 ")]
    [InlineData("(3")]
    [InlineData("~")]
    [InlineData("^")]
    public void The_book_has_every_kind(string mark) => book.AsSpan().Count(mark).Should().BeGreaterThan(9);

    [Fact]
    public void No_two_tunes_are_the_same()
    {
        var bodies = AbcChecker.CheckAll(book).Select(v => v.Text[v.Text.IndexOf("K:", StringComparison.Ordinal)..]).ToArray();
        bodies.Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void Parts_close_on_the_tonic()
    {
        foreach (var verdict in AbcChecker.CheckAll(book))
        {
            var tonic = verdict.Text[verdict.Text.IndexOf("K:", StringComparison.Ordinal) + 2];
            var last = verdict.Text.Last(char.IsAsciiLetter);
            char.ToUpperInvariant(last).Should().Be(tonic, verdict.Text);
        }
    }
}
