using System.Globalization;
using SeqCore.Samples.Common;

namespace SeqCore.Tests.Samples.Common;

public class WeightedTextTests
{
    [Fact]
    public void Parts_make_up_the_whole_text_and_overlapping_ones_become_one()
    {
        const string Text = "a 你 b!";
        var weighted = new WeightedText(Text, [0..1, 2..3, 2..3, 3..3, 4..5], [0.25f, 0.5f, 0.25f, 1f, -0.5f]);
        weighted.Parts.Should().Equal(new WeightedPart("a", 0.25), new WeightedPart(" ", null), new WeightedPart("你", 0.75),
            new WeightedPart(" ", null), new WeightedPart("b", -0.5), new WeightedPart("!", null));
        weighted.Share(-0.75).Should().Be(-1);
        weighted.Heaviest(Format).Should().Be("'你' 0.75, 'b' -0.5, 'a' 0.25");
        new WeightedText(Text, [0..1, 2..3], [1f]).Parts.Should().Equal(
            [new WeightedPart("a", 1), new WeightedPart(" 你 b!", null)], "a model may have read only the first tokens");
        new WeightedText("", [], []).Parts.Should().BeEmpty();
    }

    [Fact]
    public void Markup_is_escaped_and_fuller_for_larger_weights()
    {
        var weighted = new WeightedText("[a] b\u001b c", [0..3, 4..6, 7..8], [1f, -1f, 0.01f]);
        weighted.ToMarkup().Should().Be("[white on #08519c][[a]][/] [white on #a63603]b [/] c",
            "a terminal would obey the escape character");
        using var output = new StringWriter();
        weighted.Print(new Terminal(output, output, isOutputLive: true), "looked at", Format);
        output.ToString().Should().Contain("[a]").And.Contain("looked at").And.NotContain("[white");
    }

    [Fact]
    public void Redirected_output_names_the_words_with_the_largest_weights()
    {
        using var output = new StringWriter();
        new WeightedText("not good", [0..3, 4..8], [0.75f, 0.25f]).Print(new Terminal(output, output), "looked at", Format);
        output.ToString().Should().Be("  looked at   'not' 0.75, 'good' 0.25\n");
    }

    [Fact]
    public void A_page_colours_words_and_leaves_the_text_as_it_is()
    {
        var page = new HtmlPage("t");
        page.Words(new WeightedText("un<b>\ngood", [0..2, 2..5, 6..10], [0.5f, -0.25f, 0.25f]), Format);
        page.ToString().Should().Contain($"<p class=\"words\"><span style=\"{Style("heat", "45")}\" title=\"0.5\">un</span>"
            + $"<span style=\"{Style("cold", "22.5")}\" title=\"-0.25\">&lt;b&gt;</span> "
            + $"<span style=\"{Style("heat", "22.5")}\" title=\"0.25\">good</span></p>");

        static string Style(string colour, string share) =>
            $"background:color-mix(in srgb,var(--{colour}) {share}%,transparent)";
    }

    private static string Format(double weight) => weight.ToString(CultureInfo.InvariantCulture);
}
