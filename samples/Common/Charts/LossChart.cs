namespace SeqCore.Samples.Common;

/// <summary>Draws a run's loss curve as SVG.</summary>
public static class LossChart
{
    /// <summary>The picture as an SVG document.</summary>
    /// <param name="curve">What to draw; a curve without points gives empty axes.</param>
    /// <param name="title">Stands above it.</param>
    /// <param name="unit">What each loss is for.</param>
    public static string Draw(LossCurve curve, string title, string unit = "character") => new LineChart(
        new ChartAxis("iteration") { Least = 0 },
        new ChartAxis($"loss (nats per {unit})"))
    {
        Title = title,
        Series = { Line("training", curve.Training) with { HasSymbols = false }, Line("validation", curve.Validation) },
    }.ToSvg();

    private static ChartSeries Line(string name, IReadOnlyList<(double Step, double Loss)> points) =>
        new(name, [.. points.Select(p => new ChartPoint(p.Step, p.Loss))]);
}
