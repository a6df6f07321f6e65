using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.ClassifySignals;

/// <summary>Charts of series: those of a label with their mean, and one beside the means of labels.</summary>
internal static class SignalCurves
{
    private const int MostPoints = 300, Examples = 3, MostLabels = 12, MostChannels = 3;

    /// <summary>Adds charts of each label, of which all have one scale.</summary>
    /// <param name="page">The page.</param>
    /// <param name="known">The series and their labels.</param>
    public static void AddLabels(HtmlPage page, IReadOnlyList<(string Label, TimeSeries Series)> known)
    {
        page.Paragraph("The mean of all series of a label, at the steps that at least half of them have, and some of them.");
        var (low, high) = (known.Min(s => s.Series.Values.ToArray().Min()), known.Max(s => s.Series.Values.ToArray().Max()));
        var longest = known.Max(s => s.Series.Length) - 1;
        foreach (var group in known.GroupBy(s => s.Label).OrderBy(g => g.Key, StringComparer.Ordinal).Take(MostLabels))
        {
            for (var channel = 0; channel < Math.Min(MostChannels, known[0].Series.ChannelCount); channel++)
            {
                var chart = New(group.Key, known[0].Series, channel, longest, (low, high));
                chart.Series.Add(Line("mean", Mean([.. group.Select(s => s.Series.ChannelValues(channel))])));
                foreach (var (i, example) in group.Take(Examples).Index())
                    chart.Series.Add(Line($"example {i + 1}", example.Series.ChannelValues(channel)));
                page.Chart(chart, $"{Show.Count(group.Count())} series");
            }
        }
    }

    /// <summary>Adds a chart of a series beside the means of labels.</summary>
    /// <param name="page">The page.</param>
    /// <param name="title">The title of the chart.</param>
    /// <param name="caption">The name of the series.</param>
    /// <param name="series">The series, whose first channel is drawn.</param>
    /// <param name="means">The labels, and the series of each.</param>
    public static void AddBeside(HtmlPage page, string title, string caption, TimeSeries series,
        IEnumerable<(string Label, IEnumerable<TimeSeries> Series)> means)
    {
        var chart = New(title, series, 0, null, null);
        chart.Series.Add(Line("this series", series.ChannelValues(0)));
        foreach (var (label, all) in means)
        {
            float[][] values = [.. all.Select(s => s.ChannelValues(0))];
            if (values.Length > 0)
                chart.Series.Add(Line($"mean of {label}", Mean(values)));
        }

        page.Chart(chart, caption);
    }

    private static LineChart New(string title, TimeSeries series, int channel, int? longest, (float Low, float High)? range)
    {
        var name = series.Channels[channel];
        return new LineChart(new ChartAxis("step") { Most = longest },
            new ChartAxis(name) { Least = range?.Low, Most = range?.High })
        {
            Title = series.ChannelCount == 1 ? title : $"{title}: {name}",
        };
    }

    /// <summary>A line through values, of which neighbours are averaged where there are many.</summary>
    private static ChartSeries Line(string name, IReadOnlyList<float> values)
    {
        var width = Math.Max(1, (values.Count + MostPoints - 1) / MostPoints);
        return new ChartSeries(name,
            [.. values.Chunk(width).Select((c, i) => new ChartPoint(i * width, Math.Round(c.Average(v => (double)v), 4)))])
        {
            HasSymbols = false,
        };
    }

    /// <summary>The mean at each step that at least half of the series have.</summary>
    private static float[] Mean(IReadOnlyList<float[]> series)
    {
        var length = series.Select(s => s.Length).Order().ElementAt(series.Count / 2);
        return [.. Enumerable.Range(0, length).Select(t => series.Where(s => s.Length > t).Average(s => s[t]))];
    }
}
