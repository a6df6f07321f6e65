using System.Globalization;
using System.Xml.Linq;
using SeqCore.Samples.Common;

namespace SeqCore.Tests.Samples.Common;

public class LineChartTests
{
    [Theory]
    [InlineData(1, 1e6, 10, 8, "1 10 100 1,000 10,000 100,000 1,000,000")]
    [InlineData(1e-24, 1e12, 10, 10, "10⁻²⁴ 10⁻²⁰ 10⁻¹⁶ 10⁻¹² 10⁻⁸ 10⁻⁴ 1 10⁴ 10⁸ 10¹²")]
    [InlineData(0.7, 60, 10, 8, "1 2 5 10 20 50")]
    [InlineData(30, 45, 10, 8, "30 35 40 45")]
    [InlineData(16, 8192, 2, 10, "16 32 64 128 256 512 1,024 2,048 4,096 8,192")]
    [InlineData(16, 8192, 2, 5, "16 64 256 1,024 4,096")]
    public void Logarithmic_ticks_are_powers_or_round_numbers(double low, double high, double logBase, int most, string labels)
    {
        var axis = new LogarithmicAxis(low, high, logBase, most);
        string.Join(' ', axis.Ticks.Select(axis.Label)).Should().Be(labels);
        axis.Place(low).Should().BeApproximately(0, 1e-12);
        axis.Place(Math.Sqrt(low * high)).Should().BeApproximately(0.5, 1e-12);
        axis.Place(high).Should().BeApproximately(1, 1e-12);
        axis.Place(0).Should().Be(double.NaN);
    }

    [Theory]
    [InlineData(LineChart.Page)]
    [InlineData(LineChart.Wide)]
    [InlineData(LineChart.Medium)]
    [InlineData(LineChart.Narrow)]
    public void Everything_lies_within_the_picture_and_the_legend_wraps(int width)
    {
        var picture = Draw(Example(), width);
        var (right, bottom) = (Number(picture.Root!, "width"), Number(picture.Root!, "height"));
        foreach (var text in picture.Descendants("text"))
        {
            var length = 5.5 * text.Value.Length;
            var anchor = text.Attribute("class")?.Value ?? "";
            var start = Number(text, "x") - (anchor.Contains("end") ? length : anchor.Contains("middle") ? length / 2 : 0);
            start.Should().BeGreaterThan(-2, text.Value);
            (start + length).Should().BeLessThan(right + 2, text.Value);
            Number(text, "y").Should().BeInRange(8, bottom);
        }

        var rows = picture.Descendants("text").Where(t => t.Value.StartsWith("model ", StringComparison.Ordinal))
            .Select(t => Number(t, "y")).Distinct();
        rows.Should().HaveCount(width >= LineChart.Wide ? 1 : 2);
    }

    [Fact]
    public void Lines_rise_where_values_do_and_bands_surround_them()
    {
        var picture = Draw(Example(), LineChart.Wide);
        var line = Points(Classes(picture, "line").Last());
        line.Should().HaveCount(6).And.BeInAscendingOrder(p => p.X).And.BeInDescendingOrder(p => p.Y);
        // Powers of ten over powers of two: a straight line on logarithmic axes.
        var slopes = line.Zip(line.Skip(1), (a, b) => (b.Y - a.Y) / (b.X - a.X)).ToArray();
        slopes.Should().OnlyContain(s => Math.Abs(s - slopes[0]) < 0.01);
        var band = Points(Classes(picture, "band").Last());
        band.Should().HaveCount(12);
        foreach (var p in line)
        {
            band.Where(b => Math.Abs(b.X - p.X) < 0.01).Select(b => b.Y).Should().HaveCount(2).And.Contain(y => y < p.Y)
                .And.Contain(y => y > p.Y);
        }
    }

    [Fact]
    public void What_is_beyond_the_axes_or_missing_leaves_a_gap()
    {
        var chart = new LineChart(new ChartAxis("x"), new ChartAxis("y") { Least = 0, Most = 10 });
        chart.Series.Add(new ChartSeries("s", [1, 2, double.NaN, 3, 4, 50, 6]));
        var picture = Draw(chart, LineChart.Wide);
        Classes(picture, "line").Select(Points).Select(p => p.Length).Should().Equal(2, 2);
        Classes(picture, "symbol").Select(s => s.Element("title")!.Value)
            .Should().Equal("s: 1 at 0", "s: 2 at 1", "s: 3 at 3", "s: 4 at 4", "s: 6 at 6");
    }

    [Fact]
    public void Error_bars_have_their_length_and_markers_their_place()
    {
        var chart = new LineChart(new ChartAxis("x"), new ChartAxis("y") { Least = 0, Most = 10 });
        chart.Series.Add(new ChartSeries("s", [new ChartPoint(0, 5), ChartPoint.Median(1, 9, 2, 4), new ChartPoint(2, 5)])
        {
            HasErrorBars = true,
        });
        chart.Markers.Add(new ChartMarker("here", 1));
        chart.Markers.Add(new ChartMarker("there", 1, 4));
        chart.Markers.Add(new ChartMarker("beyond", 3));
        var picture = Draw(chart, LineChart.Wide);
        var symbols = Classes(picture, "symbol").ToArray();
        var line = Points(Classes(picture, "line").Single());
        symbols.Should().HaveCount(4);
        symbols[2].Element("title")!.Value.Should().Be("s: 4 (2 to 9) at 1");
        var circle = picture.Descendants("circle").Single();
        Number(circle, "cx").Should().BeApproximately(line[1].X, 0.01);
        Number(circle, "cy").Should().BeApproximately(line[1].Y, 0.01);
        Classes(picture, "dotted").Single().Attribute("d")!.Value
            .Should().StartWith($"M{line[1].X.ToString(CultureInfo.InvariantCulture)} ");
        picture.Descendants("text").Select(t => t.Value).Should().Contain(["here", "there"]).And.NotContain("beyond");
    }

    [Fact]
    public void Colours_stand_out_from_the_ground_in_light_and_dark()
    {
        var (_, light, dark) = ChartStyle.Colours.Single(c => c.Name == "ground");
        foreach (var colour in ChartStyle.Colours.Where(c => c.Name is not ("ground" or "raised" or "grid")))
        {
            var least = colour.Name is "ink" or "soft" ? 4.5 : 3;
            Contrast(colour.Light, light).Should().BeGreaterThan(least, $"{colour.Name} in light");
            Contrast(colour.Dark, dark).Should().BeGreaterThan(least, $"{colour.Name} in dark");
        }
    }

    [Fact]
    public void A_picture_of_its_own_needs_no_variables()
    {
        var svg = Example().ToSvg();
        svg.Should().StartWith("<svg ").And.NotContain("var(");
        XDocument.Parse(svg).Root!.Name.NamespaceName.Should().Be("http://www.w3.org/2000/svg");
    }

    private static LineChart Example()
    {
        var chart = new LineChart(new ChartAxis("length") { LogBase = 2 }, new ChartAxis("time (ms)") { LogBase = 10 })
        {
            Title = "A title of <several> words",
        };
        for (var s = 0; s < 4; s++)
        {
            chart.Series.Add(new ChartSeries($"model number {s}", [.. Enumerable.Range(0, 6).Select(i =>
                ChartPoint.Median(16 << i, [.. new[] { 0.5, 1, 2 }.Select(f => f * (s + 1) * Math.Pow(10, i - 2))]))]));
        }

        return chart;
    }

    private static XDocument Draw(LineChart chart, int width) => XDocument.Parse(chart.Draw(width));

    private static IEnumerable<XElement> Classes(XDocument picture, string kind) =>
        picture.Descendants("path").Where(p => p.Attribute("class")!.Value.Split(' ').Contains(kind));

    private static (double X, double Y)[] Points(XElement path) => [.. path.Attribute("d")!.Value.Trim('M', 'Z').Split('L')
        .Select(p => p.Split(' '))
        .Select(p => (double.Parse(p[0], CultureInfo.InvariantCulture), double.Parse(p[1], CultureInfo.InvariantCulture)))];

    private static double Number(XElement element, string name) =>
        double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);

    /// <summary>Web Content Accessibility Guidelines 2.1: contrast ratio and relative luminance.</summary>
    private static double Contrast(string a, string b)
    {
        var (x, y) = (Luminance(a), Luminance(b));
        return (Math.Max(x, y) + 0.05) / (Math.Min(x, y) + 0.05);
    }

    private static double Luminance(string colour)
    {
        double[] parts = [.. Enumerable.Range(0, 3).Select(i => Convert.ToInt32(colour.Substring(1 + 2 * i, 2), 16) / 255.0)
            .Select(c => c <= 0.03928 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4))];
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
    }
}
