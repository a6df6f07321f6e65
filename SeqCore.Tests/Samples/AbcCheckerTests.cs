using SeqCore.Samples.CharLanguageModel.Tunes;

namespace SeqCore.Tests.Samples;

public class AbcCheckerTests
{
    private const string Header = "X:1\nT:A Test\nM:4/4\nL:1/8\nK:D\n";

    [Theory]
    [InlineData("abcd efga|")]
    [InlineData("A2B2 c4|z8|x2z6|")]
    [InlineData("a/b/c/d/ a//b//c//d//e fga|")]
    [InlineData("a3/2b/ c/2d3/2 e2 f2|")]
    [InlineData("a>b c<d e2 f2|a>>b c<<<d e2 f2|")]
    [InlineData("(3abc d2 e2 f2|(3:2:3abc d2 (3:2:2ab c2/3 e2|")]
    [InlineData("(3a>bc d2 e2 f2|")]
    [InlineData("(6abcdef g4|(4abcd e4a|(2ab c4d|(5abcde f4g2|")]
    [InlineData("(abc) (d2 e)f2|")]
    [InlineData("[CEG]2 [C2E2G2] [ceg]4|[C2E2]2 z4|[^C=E_G]8|")]
    [InlineData("{ab}c8|{/a}c4 {^f'}d4|")]
    [InlineData("^a_b=c^^d __e a,,b''c|")]
    [InlineData("~a8|.a.b !trill!c2 \"Am\"d4|TuA8|va8|Hc8|")]
    [InlineData("a4-a4|")]
    [InlineData("Z2|Z|a8|")]
    [InlineData("[M:3/4]abcdef|[L:1/4]abc|[K:G]ggg|")]
    [InlineData("a8|% a comment with |:{ in it\nb8|]")]
    [InlineData("a8|\nM:6/8\nabc def|\nw: la la la\ng6|]")]
    [InlineData("|:a8:|:b8:|]")]
    [InlineData("|:a8::b8:|")]
    [InlineData("[|a8||b8|]")]
    [InlineData("|:a8|1 b8:|2 c8|]")]
    [InlineData("|:a8|[1 b8:|[2 c8|]")]
    [InlineData("|:a8| [1,3 b8:| [2 c8|]")]
    [InlineData("a8|!\nb8|!\n")]
    [InlineData("A2|a8|b6|]")]
    [InlineData("|:A2|a8|b6:|\n|:c2|a8|d6:|")]
    [InlineData("|:A|a8|1 b7:|2 c7|]")]
    [InlineData("a8|b6:|:c2|a8|]")]
    [InlineData("a8|b4:|\nc4|a8|]")]
    [InlineData("d:|a8|b7:|")]
    public void Good_music_parses_and_adds_up(string music)
    {
        var verdict = AbcChecker.Check(Header + music);
        verdict.Problem.Should().BeNull();
        verdict.Parses.Should().BeTrue();
        verdict.AddsUp.Should().BeTrue();
    }

    [Theory]
    [InlineData("abcd efg|abcd efga|bcde fgab|a7|]", "bar 4 has 7 quavers, not 8")]
    [InlineData("abcd efga|abcd efg|abcd efga|]", "bar 2 has 7 quavers, not 8")]
    [InlineData("abcd efgab|", "bar 1 has 9 quavers, not 8")]
    [InlineData("a8|b6:|\n|:c8|d8:|", "bar 2 has 6 quavers, not 8")]
    [InlineData("|:a8|b6:|\n|:c3|d8:|", "bar 2 has 6 quavers, not 8")]
    [InlineData("a8|(3abc d8|b8|", "bar 2 has 10 quavers, not 8")]
    [InlineData("a8|b>c d2 e/|b8|", "bar 2 has 9/2 quavers, not 8")]
    [InlineData("a8|b3|1 c8:|2 d8|]", "bar 2 has 3 quavers, not 8")]
    [InlineData("a8|b8|[M:3/4]c8|", "bar 3 has 8 quavers, not 6")]
    public void Bars_that_do_not_add_up_are_found(string music, string problem)
    {
        var verdict = AbcChecker.Check(Header + music);
        verdict.Parses.Should().BeTrue();
        verdict.AddsUp.Should().BeFalse();
        verdict.Problem.Should().Be(problem);
    }

    [Theory]
    [InlineData("abc h|", "'h' is not music")]
    [InlineData("abc 2|", "'2' is not music")]
    [InlineData("[CEG|a8|", "'|' is within a chord")]
    [InlineData("[]8|", "a chord has no notes")]
    [InlineData("{ab|a8|", "'|' is among grace notes")]
    [InlineData("{ab", "grace notes are never closed")]
    [InlineData("(3ab|c8|", "a bar line cuts a tuplet")]
    [InlineData("a8|(3ab", "a tuplet has too few notes")]
    [InlineData("(1a8|", "(1 is not a tuplet")]
    [InlineData(">a8|", "'>' has no note before it")]
    [InlineData("a8>|b8|", "a broken rhythm sign comes before a bar line")]
    [InlineData("a7b>", "a broken rhythm sign has no note after it")]
    [InlineData("a>>>>b|", ">>>> is not a broken rhythm")]
    [InlineData("^|a8|", "\"^|\" is not a note")]
    [InlineData("^z8|", "\"^z\" is not a note")]
    [InlineData("a0|", "0 is not a length")]
    [InlineData("a99999999999|", "99999999999 is not a length")]
    [InlineData("\"Am a8|", "a quotation mark is never closed")]
    [InlineData("[M:3/4 abc", "the field [M: is never closed")]
    [InlineData("[M:3-4]abc", "M:3-4 is not a metre")]
    [InlineData("a8:b8|", "':' is not a bar line")]
    [InlineData("", "there is no music")]
    [InlineData("|:|||", "there is no music")]
    public void Bad_music_does_not_parse(string music, string problem)
    {
        var verdict = AbcChecker.Check(Header + music);
        verdict.Parses.Should().BeFalse();
        verdict.AddsUp.Should().BeFalse();
        verdict.Problem.Should().Be(problem);
    }

    [Theory]
    [InlineData("X:\nT:a\nK:D\na8|", "it does not start with X: and a number")]
    [InlineData("T:a\nX:1\nK:D\na8|", "it does not start with X: and a number")]
    [InlineData("X:1\nK:D\na8|", "there is no title, T:")]
    [InlineData("X:1\nT:a\nM:4/4", "there is no key, K:")]
    [InlineData("X:1\nT:a\nabcd|\nK:D\n", "music or text comes before the K: field")]
    [InlineData("X:1\nT:a\nM:4/0\nK:D\na8|", "M:4/0 is not a metre")]
    [InlineData("X:1\nT:a\nL:1/7\nK:D\na8|", "L:1/7 is not a note length")]
    [InlineData("X:1\nT:a\nK:Hmaj\na8|", "K:Hmaj is not a key")]
    [InlineData("X:1\nT:a\nK:D majestically\na8|", null)]
    [InlineData("X:1\nT:a\nK:Dfoo\na8|", "K:Dfoo is not a key")]
    public void Headers_are_checked(string tune, string? problem) => AbcChecker.Check(tune).Problem.Should().Be(problem);

    [Theory]
    [InlineData("D")]
    [InlineData("Ador")]
    [InlineData("A Dorian")]
    [InlineData("F#m")]
    [InlineData("Bb mixolydian")]
    [InlineData("Em")]
    [InlineData("HP")]
    [InlineData("none")]
    [InlineData("D exp _b ^c")]
    [InlineData("G clef=bass")]
    public void Keys_are_accepted(string key) =>
        AbcChecker.Check($"X:1\nT:a\nM:4/4\nL:1/8\nK:{key}\na8|").Problem.Should().BeNull();

    [Theory]
    [InlineData("C", "a8|")]
    [InlineData("C|", "a8|")]
    [InlineData("6/8", "abc def|")]
    [InlineData("2+3/8", "ab cde|")]
    [InlineData("(2+2+3)/8", "ab cd efg|")]
    [InlineData("none", "abc|abcdefg|")]
    [InlineData("9/8", "(5abcde f3 g3|")]
    public void Metres_are_accepted(string metre, string music) =>
        AbcChecker.Check($"X:1\nT:a\nM:{metre}\nL:1/8\nK:D\n{music}").Problem.Should().BeNull();

    [Fact]
    public void Without_a_length_field_the_metre_sets_the_unit()
    {
        AbcChecker.Check("X:1\nT:a\nM:2/4\nK:D\na8|").Problem.Should().BeNull();
        AbcChecker.Check("X:1\nT:a\nM:3/4\nK:D\na6|").Problem.Should().BeNull();
    }

    [Fact]
    public void An_excerpt_leaves_out_what_the_cut_left_incomplete()
    {
        var tune = Header + "a8|]\n\n";
        var excerpt = (tune + tune + tune)[30..^9];
        AbcChecker.CheckAll(excerpt, isExcerpt: true).Should().ContainSingle().Which.AddsUp.Should().BeTrue();
        AbcChecker.CheckAll(excerpt).Should().HaveCount(2);
        AbcChecker.CheckAll(tune + tune, isExcerpt: true).Should().HaveCount(2);
    }

    [Fact]
    public void A_tune_ends_at_an_empty_line_or_the_next_number()
    {
        var verdicts = AbcChecker.CheckAll("free text\n\n" + Header + "a8|]\n" + Header
            + "b8|]\n\nT:no number\nK:D\na8|\n\nand more text\n");
        verdicts.Select(v => v.AddsUp).Should().Equal(true, true, false);
    }

    [Fact]
    public void Any_cut_of_the_tune_book_is_checked_without_surprise()
    {
        var book = TuneComposer.Book(6000);
        for (var from = 0; from < 2000; from += 7)
            AbcChecker.CheckAll(book[from..(from + 3500)], isExcerpt: true).Should().NotBeEmpty().And.OnlyContain(v => v.AddsUp);
    }

    [Fact]
    public void Only_ABC_looks_like_ABC()
    {
        AbcChecker.LooksLikeAbc(TuneComposer.Book(5000)).Should().BeTrue();
        AbcChecker.LooksLikeAbc("To be, or not to be\nX: no\n").Should().BeFalse();
        AbcChecker.LooksLikeAbc("").Should().BeFalse();
    }
}
