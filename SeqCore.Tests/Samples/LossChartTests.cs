using System.Globalization;
using System.Xml.Linq;
using SeqCore.Samples.Common;

namespace SeqCore.Tests.Samples;

public class LossChartTests
{
    private static readonly XNamespace svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void Curves_and_validation_points_lie_within_the_axes()
    {
        var curve = new LossCurve([.. Enumerable.Range(1, 200).Select(i => ((double)i, 4.4 / Math.Sqrt(i) + 0.1))],
            [(50, 1.5), (100, 1.0), (200, 0.8)]);
        var picture = XDocument.Parse(LossChart.Draw(curve, "LSTM on <tunes> & more", ModelColour.Lstm));
        var frame = Numbers(Paths(picture, "axis").Last());
        var (left, top, bottom, right) = (frame[0], frame[1], frame[2], frame[3]);
        var lines = Paths(picture, "line").TakeLast(2).Select(p => p[1..].Split('L').Select(Numbers).ToArray()).ToArray();
        foreach (var point in lines.SelectMany(l => l))
        {
            point[0].Should().BeInRange(left, right);
            point[1].Should().BeInRange(top, bottom);
        }

        lines[0].Should().HaveCount(200);
        lines[1].Should().HaveCount(3);
        picture.Descendants(svg + "title").Select(t => t.Value)
            .Should().Equal("validation: 1.5 at 50", "validation: 1 at 100", "validation: 0.8 at 200");
        picture.Descendants(svg + "text").Select(t => t.Value)
            .Should().Contain(["LSTM on <tunes> & more", "iteration", "training", "validation", "200"]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Few_points_still_make_a_picture(int points)
    {
        var curve = new LossCurve([.. Enumerable.Range(1, points).Select(i => ((double)i, 4.0))], []);
        Paths(XDocument.Parse(LossChart.Draw(curve, "t", ModelColour.Lstm)), "line")
            .Should().HaveCount(2, "only the legend has lines");
    }

    [Theory]
    [InlineData(0, 1, "0.0 0.2 0.4 0.6 0.8 1.0")]
    [InlineData(0, 600, "0 100 200 300 400 500 600")]
    [InlineData(0.53, 4.4, "0.5 1.0 1.5 2.0 2.5 3.0 3.5 4.0")]
    [InlineData(0, 25_000, "0 5,000 10,000 15,000 20,000 25,000")]
    [InlineData(1.61, 1.62, "1.610 1.612 1.614 1.616 1.618 1.620")]
    [InlineData(2, 2, "2.0 2.2 2.4 2.6 2.8 3.0")]
    public void Ticks_are_round_numbers(double low, double high, string labels)
    {
        var axis = new LinearAxis(low, high);
        string.Join(' ', axis.Ticks.Select(axis.Label)).Should().Be(labels);
    }

    [Fact]
    public void Long_runs_are_thinned_and_gaps_left_out()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllLines(path,
                Enumerable.Range(1, 3000).Select(i => $"{{\"step\":{i},\"loss\":{(i == 7 ? "null" : "2.5")}}}")
                    .Append("{\"step\":3000,\"validation_loss\":2.25,\"best\":true}"));
            var curve = LossCurve.Read(path);
            curve.Training.Should().HaveCount(300).And.OnlyContain(p => p.Loss == 2.5);
            curve.Training[0].Step.Should().BeGreaterThan(1).And.BeLessThan(12);
            curve.Validation.Should().Equal((3000, 2.25));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Json_lines_hold_texts_numbers_and_nested_objects() =>
        JsonLine.Of(("a", "x\"\n'é"), ("b", 2), ("c", 1.5), ("d", double.NaN), ("e", null), ("f", true),
            ("g", new (string, object?)[] { ("h", 3L) }))
            .Should().Be("""{"a":"x\"\n'é","b":2,"c":1.5,"d":null,"e":null,"f":true,"g":{"h":3}}""");

    [Theory]
    [InlineData(12.34, "12.3 s")]
    [InlineData(245, "4:05")]
    [InlineData(3723, "1:02:03")]
    [InlineData(double.NaN, "?")]
    [InlineData(double.PositiveInfinity, "277777:46:40")]
    public void Times_read_well(double seconds, string text) => Show.Time(seconds).Should().Be(text);

    private static string[] Paths(XDocument picture, string kind) =>
        [.. picture.Descendants(svg + "path").Where(p => p.Attribute("class")!.Value.Split(' ').Contains(kind))
            .Select(p => p.Attribute("d")!.Value)];

    private static double[] Numbers(string path) =>
        [.. path.Split(['M', 'L', 'H', 'V', ' '], StringSplitOptions.RemoveEmptyEntries)
            .Select(n => double.Parse(n, CultureInfo.InvariantCulture))];
}
