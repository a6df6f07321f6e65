using System.Globalization;
using System.Xml.Linq;
using SeqCore.Samples.Common;

namespace SeqCore.Tests.Samples.Common;

public class DotChartTests
{
    private static readonly (string, IReadOnlyList<double>)[] rows = [("<first>", [90.0, 92.0, 94.0]), ("second", [88.0])];

    [Theory]
    [InlineData(LineChart.Page)]
    [InlineData(LineChart.Wide)]
    [InlineData(LineChart.Medium)]
    [InlineData(LineChart.Narrow)]
    public void Each_measurement_is_a_dot_and_each_row_has_its_mean(int width)
    {
        var svg = XDocument.Parse(new DotChart("Title", new ChartAxis("score, %"), rows).Draw(width));
        var dots = svg.Descendants("circle").ToArray();
        dots.Select(d => d.Value.Trim()).Should().Equal("<first>: 90.00", "<first>: 92.00", "<first>: 94.00", "second: 88.00");
        var x = dots.Select(d => Number(d, "cx")).ToArray();
        (x[1] - x[0]).Should().BeApproximately(x[2] - x[1], 0.03).And.BeGreaterThan(5);
        (x[0] - x[3]).Should().BeApproximately(x[1] - x[0], 0.03);
        var means = svg.Descendants("line").Where(l => l.Attribute("class")!.Value.EndsWith("line", StringComparison.Ordinal))
            .ToArray();
        means.Select(m => Number(m, "x1")).Should().Equal(x[1], x[3]);
        svg.Descendants("text").Select(t => t.Value).Should()
            .Contain(["Title", "<first>", "second", "92.00", "88.00", "score, %"]);
        svg.Descendants().SelectMany(e => new[] { "x", "x2", "cx" }.Select(a => e.Attribute(a))).Where(a => a is not null)
            .Select(a => double.Parse(a!.Value, CultureInfo.InvariantCulture)).Max().Should().BeLessThan(width);
    }

    private static double Number(XElement element, string name) =>
        double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);
}
