using SeqCore.Samples.Common;

namespace SeqCore.Samples.DetectAnomalies;

/// <summary>
/// The events of a detection, charts of what was judged, of its scores, and of some events in detail, with what the detector
/// expected there.
/// </summary>
internal static class DetectionPage
{
    private const int MostMarkers = 40, MostDetails = 6, MostRows = 100;

    /// <summary>Adds the events and the charts of a detection to a page.</summary>
    public static void Add(HtmlPage page, Detection detection, string detector)
    {
        var (series, events) = (detection.Series, detection.Events);
        page.Paragraph(events.Count == 0 ? "No score reached the threshold." : "Each event begins with an alarm."
            + " The value and what was expected are those of the channel with the largest part in the highest score.");
        if (events.Count > 0)
            AddTable(page, detection, events);
        for (var c = 0; c < series.Values.ChannelCount; c++)
        {
            page.Chart(Judged(detection, c), "The values that were judged. Alarms are dotted lines."
                + (series.Windows is null ? "" : " Labelled anomalies are shaded."));
        }

        page.Chart(Scores(detection, detector), "Each point is a score; those at the marks gave an alarm. The line is the"
            + " threshold, which the normal data chose.");
        foreach (var one in events.OrderByDescending(e => e.Score).Take(MostDetails).OrderBy(e => e.Start))
        {
            page.Chart(EventChart.Of(detection, one), "The band has three median errors to each side of what was expected. The"
                + " highest score is at the mark.");
        }
    }

    /// <summary>Writes a page of one detection.</summary>
    public static void Write(string path, Detection detection, string detector, IEnumerable<string> paragraphs)
    {
        var page = new HtmlPage($"Anomalies of {detection.Series.Name}");
        foreach (var paragraph in paragraphs)
            page.Paragraph(paragraph);
        Add(page, detection, detector);
        page.Save(path);
    }

    /// <summary>A chart over the steps of a series, with its labelled windows.</summary>
    public static LineChart New(Detection detection, string title, string unit)
    {
        var series = detection.Series;
        var axis = new ChartAxis(series.AxisTimes is null ? "step" : "time") { Times = series.AxisTimes };
        var chart = new LineChart(axis, new ChartAxis(unit)) { Title = title };
        foreach (var window in series.Windows ?? [])
            chart.Spans.Add(new ChartSpan(window.Start, window.End));
        return chart;
    }

    private static void AddTable(HtmlPage page, Detection detection, IReadOnlyList<AnomalyEvent> events)
    {
        var series = detection.Series;
        page.Table(["start", "end", "channel", "value", "expected", "score"], events.Take(MostRows)
            .Select(e => (IReadOnlyList<string>)
            [
                series.TimeOf(e.Start), series.TimeOf(e.End), series.Values.Channels[e.Channel],
                SeriesText.Value(series.Values[e.Peak, e.Channel]),
                SeriesText.Value(detection.ExpectedAt(e.Peak)[e.Channel]), SeriesText.Score(e.Score),
            ]));
        if (events.Count > MostRows)
            page.Paragraph($"These are the first {MostRows} of {events.Count}; predict lists all.");
    }

    private static LineChart Judged(Detection detection, int channel)
    {
        var (series, name) = (detection.Series, detection.Series.Values.Channels[channel]);
        var chart = New(detection, name, name);
        var values = ThinnedLine.Of(detection.First, series.Values.Length, t => series.Values[t, channel]);
        chart.Series.Add(new ChartSeries("value", values) { HasSymbols = false, IsThin = true });
        foreach (var alarm in detection.Alarms.Take(MostMarkers))
            chart.Markers.Add(new ChartMarker("", alarm));
        return chart;
    }

    private static LineChart Scores(Detection detection, string detector)
    {
        var chart = New(detection, $"Scores of {detector}", "standard deviations");
        var points = ThinnedLine.Of(detection.First, detection.Series.Values.Length,
            t => Math.Max(0, detection.Points[t - detection.First].Score));
        chart.Series.Add(new ChartSeries("score", points) { HasSymbols = false, IsThin = true });
        ChartPoint[] threshold =
        [
            new(detection.First, detection.Threshold), new(detection.Series.Values.Length - 1, detection.Threshold),
        ];
        chart.Series.Add(new ChartSeries("threshold", threshold) { HasSymbols = false });
        foreach (var alarm in detection.Alarms.Take(MostMarkers))
            chart.Markers.Add(new ChartMarker("", alarm, detection.Points[alarm - detection.First].Score));
        return chart;
    }
}
