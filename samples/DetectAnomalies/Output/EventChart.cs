using SeqCore.Samples.Common;

namespace SeqCore.Samples.DetectAnomalies;

/// <summary>A chart of one event: the channel that raised it, what was expected, and some steps before and after.</summary>
internal static class EventChart
{
    private const int LeastMargin = 40, MostMargin = 120, MostSteps = 600;
    private const double BandErrors = 3;

    /// <summary>Draws an event.</summary>
    public static LineChart Of(Detection detection, AnomalyEvent one)
    {
        var (series, channel) = (detection.Series, one.Channel);
        var margin = Math.Clamp(2 * (one.End - one.Start + 1), LeastMargin, MostMargin);
        var from = Math.Max(0, one.Start - margin);
        var end = Math.Min(Math.Min(series.Values.Length, one.End + margin + 1), from + MostSteps);
        var name = series.Values.Channels[channel];
        var chart = DetectionPage.New(detection, $"{name} around {series.TimeOf(one.Start)}, score {SeriesText.Score(one.Score)}",
            name);
        chart.Series.Add(new ChartSeries("value", [.. Enumerable.Range(from, end - from)
            .Select(t => new ChartPoint(t, series.Values[t, channel]))])
        { HasSymbols = false });
        var band = BandErrors * MedianError(detection, channel);
        var first = Math.Max(from, detection.First);
        chart.Series.Add(new ChartSeries("expected", [.. Enumerable.Range(first, end - first).Select(t =>
        {
            var expected = detection.ExpectedAt(t)[channel];
            return new ChartPoint(t, expected, expected - band, expected + band);
        })])
        { HasSymbols = false });
        if (one.Peak < end)
            chart.Markers.Add(new ChartMarker("", one.Peak, series.Values[one.Peak, channel]));
        return chart;
    }

    private static double MedianError(Detection detection, int channel)
    {
        var values = detection.Series.Values;
        double[] errors = [.. Enumerable.Range(detection.First, detection.Points.Length)
            .Select(t => Math.Abs((double)values[t, channel] - detection.ExpectedAt(t)[channel]))
            .Where(double.IsFinite).Order()];
        return errors.Length == 0 ? 0 : errors[errors.Length / 2];
    }
}
