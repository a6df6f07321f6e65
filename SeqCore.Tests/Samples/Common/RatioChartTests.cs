using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using SeqCore.Samples.Common;

namespace SeqCore.Tests.Samples.Common;

public class RatioChartTests
{
    private static readonly XDocument picture = XDocument.Parse(RatioChart.ToSvg("Ratios <1 & >1",
        ["A paragraph that is longer than a narrow window is wide, and so goes on in a second line."],
        [new RatioGroup("first", [("a", 0.5), ("b", 1)]), new RatioGroup("second", [("c", 2), ("d", 4)])]));

    [Theory]
    [InlineData(380)]
    [InlineData(1280)]
    public void Equal_ratios_have_equal_lengths_on_both_sides_of_1(double width)
    {
        var bars = Elements("rect").Where(r => r.Attribute("class")!.Value.StartsWith('s'))
            .Select(r => (Start: Start(r, width), Length: Length(r, width), Colour: r.Attribute("class")!.Value)).ToArray();
        var unit = bars[0].Length;
        unit.Should().BeGreaterThan(width / 10);
        bars.Select(b => Math.Round(b.Length / unit, 2)).Should().Equal(1, 0, 1, 2);
        bars.Select(b => Math.Round((b.Start - bars[0].Start) / unit, 2)).Should().Equal(0, 1, 1, 1);
        bars.Select(b => b.Colour).Should().Equal("s1", "s0", "s0", "s0");
        var end = bars[3].Start + bars[3].Length;
        end.Should().BeInRange(width - 60, width - 45, "the longest bar leaves room for its figure");
        Start(Elements("line").Single(l => l.Attribute("class")!.Value == "axis"), width, "x1").Should()
            .BeApproximately(bars[1].Start, 0.1);
    }

    [Fact]
    public void Texts_are_escaped_in_order_and_within_a_narrow_window()
    {
        var texts = Elements("text").ToArray();
        texts.Select(t => t.Value).Should().ContainInOrder("Ratios <1 & >1", "first", "a", "b", "second", "c", "d");
        texts.Single(t => t.Value.StartsWith("A paragraph", StringComparison.Ordinal)).Value.Length.Should().BeLessThan(45);
        texts.Select(t => t.Value).Should().Contain(["0.50", "1.00", "2.00", "4.00"]);
        var height = Number(picture.Root!, "height");
        texts.Should().OnlyContain(t => Number(t, "y") > 8 && Number(t, "y") < height);
    }

    [Fact]
    public void The_drawing_is_as_wide_as_the_window_and_follows_its_colour_scheme()
    {
        picture.Root!.Attribute("width")!.Value.Should().Be("100%");
        picture.Root!.Attribute("viewBox").Should().BeNull("it would make the texts smaller in a narrow window");
        picture.ToString().Should().Contain("prefers-color-scheme:dark").And.NotContain("var(");
    }

    private static IEnumerable<XElement> Elements(string name) => picture.Descendants().Where(e => e.Name.LocalName == name);

    private static double Start(XElement element, double width, string name = "x") =>
        Number(element, name) / 100 * width + Numbers(element.Attribute("transform")!.Value)[0];

    private static double Length(XElement element, double width) =>
        Numbers(element.Attribute("style")!.Value) is [var part, var pixels] ? part / 100 * width + pixels : double.NaN;

    private static double[] Numbers(string text) =>
        [.. Regex.Matches(text, @"-?\d+(\.\d+)?").Select(m => double.Parse(m.Value, CultureInfo.InvariantCulture))];

    private static double Number(XElement element, string name) =>
        double.Parse(element.Attribute(name)!.Value.TrimEnd('%'), CultureInfo.InvariantCulture);
}
