using SeqCore.Samples.Common;

namespace SeqCore.Samples.LstmVsTransformer;

/// <summary>Charts of curves over lengths with logarithmic axes, on which a power law is a straight line.</summary>
internal static class CurveCharts
{
    /// <summary>A chart of some curves.</summary>
    /// <param name="title">The title above the chart.</param>
    /// <param name="x">Title of the horizontal axis.</param>
    /// <param name="y">Title of the vertical axis, which has the unit.</param>
    /// <param name="unit">The divisor of the values.</param>
    /// <param name="curves">The measured curves.</param>
    /// <param name="crossings">Points to mark.</param>
    internal static LineChart Draw(string title, string x, string y, double unit, IEnumerable<Curve> curves,
        params IEnumerable<Crossing> crossings)
    {
        var chart = new LineChart(new ChartAxis(x) { LogBase = 2 }, new ChartAxis(y) { LogBase = 10 }) { Title = title };
        foreach (var curve in curves)
            chart.Series.Add(Series(curve.Model, [.. curve.Points.Select(p => new ChartPoint(p.X, p.Y / unit))]));

        foreach (var crossing in crossings)
            chart.Markers.Add(new ChartMarker(Show.Count(crossing.X), crossing.X, crossing.Y / unit));
        return chart;
    }

    /// <summary>A line that looks the same in every chart.</summary>
    internal static ChartSeries Series(Contender model, IReadOnlyList<ChartPoint> points) =>
        new(model.Name(), points) { Colour = model.Appearance().Colour, Style = model.Appearance().Style };

    /// <summary>A sentence for each pair of curves of which one hides the other, with a space before it; or nothing.</summary>
    internal static string Hidden(IReadOnlyList<Curve> curves)
    {
        const double Near = 0.03;
        return string.Concat(curves.SelectMany((a, i) => curves.Skip(i + 1).Where(b => Hides(a, b))
            .Select(b => $" The lines of {a.Model.Name()} and {b.Model.Name()} lie on each other.")));

        static bool Hides(Curve a, Curve b) => a.Points.Count > 0 && a.Points.Count == b.Points.Count
            && a.Points.All(p => b.At(p.X) is { } y && Math.Abs(y - p.Y) <= Near * p.Y);
    }

    /// <summary>A table of some curves: values at some lengths, and the exponents with which they grow.</summary>
    internal static Table Tabulate(string title, IReadOnlyList<Curve> curves, Func<double, string> format, string unit)
    {
        var all = curves.SelectMany(c => c.Points).Select(p => p.X).Distinct().Order().ToArray();
        var shown = Choose(all, 6);
        return new Table(title, ["model", .. shown.Select(x => Show.Count(x)), "grows as", "at the end"],
        [
            .. curves.Where(c => c.Points.Count > 0).Select(c => (IReadOnlyList<Cell>)
            [
                c.Model.Name(), .. shown.Select(x => Cell.Of(c.At(x), format)),
                Growth(PowerLaw.Fit(c.Points)?.Exponent), Growth(c.Exponent),
            ]),
        ])
        {
            Unit = unit,
        };
    }

    /// <summary>A table of where pairs of curves cross.</summary>
    internal static Table Crossings(string title, IReadOnlyList<Curve> curves, Contender first, IEnumerable<Contender> others,
        string axis = "length")
    {
        var rows = new List<IReadOnlyList<Cell>>();
        if (curves.Of(first) is { } a)
        {
            foreach (var b in others.Select(curves.Of).OfType<Curve>())
            {
                if (Crossing.FirstIsLess(a, b) is { Count: > 0 } less)
                    rows.Add([$"{first.Name()} and {b.Model.Name()}", Words(a, b, less[0], axis)]);
            }
        }

        return new Table(title, ["models", "crossing"], rows);
    }

    private static Cell Growth(double? exponent) => Cell.Of(exponent, p => Figures.Power(p));

    /// <summary>At most this many of them, evenly chosen, the ends among them.</summary>
    internal static double[] Choose(double[] values, int most) =>
        values.Length <= most
            ? values
            : [.. Enumerable.Range(0, most).Select(i => values[(int)Math.Round(i * (values.Length - 1.0) / (most - 1))])];

    private static string Words(Curve a, Curve b, bool firstIsLess, string axis) =>
        Crossing.Find(a, b) is { Count: > 0 } crossings
            ? string.Join("; ", crossings.Select(c => $"at {Show.Count(c.X)}, then {c.LessAfter.Name()} takes less"))
            : $"none: {(firstIsLess ? a : b).Model.Name()} takes less at every {axis}";
}
