using SeqCore.Samples.Common;

namespace SeqCore.Samples.DetectAnomalies;

/// <summary>Charts of a series with what a detector expected, its scores and alarms, and the labelled windows.</summary>
internal static class DetectionPage
{
    // About two points for each pixel: more would not be seen.
    private const int MostPoints = 1500;
    private const int MostMarkers = 40;
    private const double BandErrors = 3;

    /// <summary>Adds the charts of a detection to a page.</summary>
    public static void Add(HtmlPage page, Detection detection, string detector)
    {
        var series = detection.Series;
        for (var c = 0; c < series.Values.ChannelCount; c++)
        {
            page.Chart(Values(detection, c), "The line that was expected has a band of three median errors to each side."
                + (series.Windows is null ? "" : " Labelled anomalies are shaded."));
        }

        page.Chart(Scores(detection, detector), "Each point is a score; those at the marks gave an alarm. The line is the"
            + " threshold, which the normal data chose.");
    }

    /// <summary>Writes a page of one detection.</summary>
    public static void Write(string path, Detection detection, string detector, IEnumerable<string> paragraphs)
    {
        var page = new HtmlPage($"Anomalies of {detection.Series.Name}");
        foreach (var paragraph in paragraphs)
            page.Paragraph(paragraph);
        Add(page, detection, detector);
        var (series, events) = (detection.Series, detection.Events);
        page.Heading("Events");
        page.Table(["start", "end", "value", "expected", "score"], events.Select(e => (IReadOnlyList<string>)
        [
            series.TimeOf(e.Start), series.TimeOf(e.End), SeriesText.Value(series.Values[e.Peak, 0]),
            SeriesText.Value(detection.ExpectedAt(e.Peak)[0]), SeriesText.Score(e.Score),
        ]));
        page.Save(path);
    }

    private static LineChart Values(Detection detection, int channel)
    {
        var (series, channels) = (detection.Series, detection.Series.Values.ChannelCount);
        var chart = New(detection, series.Values.Channels[channel], series.Values.Channels[channel]);
        var values = Thin(series.Values.Length, t => series.Values[t, channel]);
        chart.Series.Add(new ChartSeries("value", values) { HasSymbols = false });
        var errors = Enumerable.Range(0, detection.Points.Length)
            .Select(i => (double)series.Values[detection.First + i, channel] - detection.Expected[(i * channels) + channel])
            .Select(Math.Abs)
            .Where(double.IsFinite).Order().ToArray();
        var band = errors.Length == 0 ? 0 : BandErrors * errors[errors.Length / 2];
        var expected = Thin(detection.Points.Length, i => detection.Expected[(i * channels) + channel])
            .Select(p => new ChartPoint(detection.First + p.X, p.Y, p.Y - band, p.Y + band));
        chart.Series.Add(new ChartSeries("expected", [.. expected]) { HasSymbols = false });
        return chart;
    }

    private static LineChart Scores(Detection detection, string detector)
    {
        var chart = New(detection, $"Scores of {detector}", "standard deviations");
        var points = Thin(detection.Points.Length, i => Math.Max(0, detection.Points[i].Score));
        chart.Series.Add(new ChartSeries("score", [.. points.Select(p => p with { X = detection.First + p.X })])
        {
            HasSymbols = false,
        });
        ChartPoint[] threshold =
        [
            new(detection.First, detection.Threshold), new(detection.Series.Values.Length - 1, detection.Threshold),
        ];
        chart.Series.Add(new ChartSeries("threshold", threshold) { HasSymbols = false });
        foreach (var alarm in detection.Alarms.Take(MostMarkers))
            chart.Markers.Add(new ChartMarker("", alarm, detection.Points[alarm - detection.First].Score));
        return chart;
    }

    private static LineChart New(Detection detection, string title, string unit)
    {
        var series = detection.Series;
        var times = StepTimes.Of(series.Values);
        var axis = new ChartAxis(times is null ? "step" : "time") { Times = times };
        var chart = new LineChart(axis, new ChartAxis(unit)) { Title = title };
        foreach (var window in series.Windows ?? [])
            chart.Spans.Add(new ChartSpan(window.Start, window.End));
        return chart;
    }

    /// <summary>Few enough points of a line: of each bucket the lowest and the highest, so that no peak is lost.</summary>
    private static List<ChartPoint> Thin(int length, Func<int, double> value)
    {
        var (bucket, points) = (Math.Max(1, 2 * length / MostPoints), new List<ChartPoint>());
        for (var start = 0; start < length; start += bucket)
        {
            var steps = Enumerable.Range(start, Math.Min(bucket, length - start)).Where(t => double.IsFinite(value(t))).ToList();
            if (steps.Count == 0)
            {
                points.Add(new ChartPoint(start, double.NaN));
                continue;
            }

            points.AddRange(new[] { steps.MinBy(value), steps.MaxBy(value) }.Distinct().Order()
                .Select(t => new ChartPoint(t, value(t))));
        }

        return points;
    }
}
