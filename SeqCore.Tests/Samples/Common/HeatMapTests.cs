using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using SeqCore.Samples.Common;

namespace SeqCore.Tests.Samples.Common;

public class HeatMapTests
{
    [Theory]
    [InlineData(" ", "␣")]
    [InlineData("a b", "a␣b")]
    [InlineData("\n", "⏎")]
    [InlineData("\t", "⇥")]
    [InlineData("\0", "\u2400")]
    [InlineData("\u001b[", "\u241b[")]
    [InlineData("", "∅")]
    [InlineData("fourteen chars", "fourteen␣chars")]
    [InlineData("fifteen letters", "fifteen␣lette…")]
    public void Words_are_made_visible(string word, string shown) => HeatMap.Visible(word).Should().Be(shown);

    [Fact]
    public void Each_pair_has_a_cell_as_full_as_its_value()
    {
        var map = new HeatMap("weights", [0, 0.25f, float.NaN, 0.5f, 1, -0.5f], ["a", "\n"], ["x", "y", "z"]) { Most = 1 };
        var cells = XDocument.Parse(map.Draw()).Descendants("rect").ToArray();
        cells.Select(c => c.Element("title")!.Value)
            .Should().Equal("a – x: 0", "a – y: 0.25", "⏎ – x: 0.5", "⏎ – y: 1", "⏎ – z: -0.5");
        cells.Select(c => double.Parse(c.Attribute("fill-opacity")!.Value, CultureInfo.InvariantCulture))
            .Should().Equal(0, 0.25, 0.5, 1, 0.5);
        cells[^1].Attribute("class")!.Value.Should().Be("cold");
        map.DrawScale().Should().Contain(">-1<").And.Contain(">1<");
        FluentActions.Invoking(() => new HeatMap("t", [1, 2], ["a"], ["b"]))
            .Should().Throw<ArgumentException>().WithMessage("*2 values for 1 rows and 1 columns*");
    }

    [Fact]
    public void An_attention_page_has_a_map_for_each_layer_and_head()
    {
        var page = new AttentionPage("Attention", "Who attends to whom.");
        string[] words = ["the", "cat", "\n"];
        float[][] layers = [[.. Enumerable.Range(0, 18).Select(i => i / 18f)],
            [.. Enumerable.Range(0, 18).Select(i => 1 - i / 18f)]];
        page.Add("Self", layers, 2, words, words, "from", "to", isCausal: true);
        var html = page.ToString();
        Regex.Count(html, "<figcaption>head ").Should().Be(4);
        Regex.Count(html, "<rect [^>]*><title>").Should().Be(4 * 6, "a causal map of three words has six cells");
        foreach (var place in new[] { "map-1-1-1", "map-1-2-2" })
            html.Should().ContainAll($"<a href=\"#{place}\"", $"<figure id=\"{place}\">");
        html.Should().ContainAll("Layer 2", "cat", "⏎", "cat – the: 0.667");
        page.Invoking(p => p.Add("Self", layers, 3, words, words, "from", "to"))
            .Should().Throw<ArgumentException>().WithMessage("*18 weights for 3 heads, 3 queries and 3 keys*");
    }

    [Fact]
    public void Long_sequences_are_cut_and_the_page_says_so()
    {
        var words = Enumerable.Range(0, 100).Select(i => $"w{i}").ToArray();
        var page = new AttentionPage("Attention", "");
        page.Add("Self", new float[100 * 2], words, words[..2], "from", "to");
        page.ToString().Should().Contain("Only the first 48 of 100 rows and the first 2 of 2 columns are shown.")
            .And.Contain("w47").And.NotContain("w48");
    }
}
