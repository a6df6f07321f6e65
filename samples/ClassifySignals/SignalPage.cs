using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.ClassifySignals;

/// <summary>A page that shows the series of each label, which labels were taken for which, and the mistakes.</summary>
internal static class SignalPage
{
    private const int MostPoints = 300, Examples = 3, MostLabels = 12, MostChannels = 3, MostMistakes = 40, DrawnMistakes = 6;

    /// <summary>The option for the page.</summary>
    public static System.CommandLine.Option<string?> Option(string otherwise) => OptionKinds.Path("--page",
        $"Write an HTML page with the series of each label, the confusion matrix and the mistakes. [default: {otherwise}]",
        "FILE");

    /// <summary>Makes the page.</summary>
    /// <param name="title">The title.</param>
    /// <param name="introduction">What was scored.</param>
    /// <param name="known">The series whose curves are drawn, such as those for training.</param>
    /// <param name="scores">The scores.</param>
    public static HtmlPage Of(string title, string introduction, IReadOnlyList<LabelledSeries> known, SignalScores scores)
    {
        var page = new HtmlPage(title);
        page.Paragraph(introduction);
        AddLabels(page, known);
        page.Heading("Confusion matrix");
        page.Paragraph("Each row is a true label, and its cells count what was predicted for it.");
        ConfusionPage.AddTo(page, scores.Matrix);
        AddMistakes(page, known, scores);
        return page;
    }

    private static void AddLabels(HtmlPage page, IReadOnlyList<LabelledSeries> known)
    {
        page.Heading("Labels");
        page.Paragraph("The mean of all series of a label, at the steps that at least half of them have, and some of them.");
        var (low, high) = (known.Min(s => s.Series.Values.ToArray().Min()), known.Max(s => s.Series.Values.ToArray().Max()));
        foreach (var group in known.GroupBy(s => s.Label!).OrderBy(g => g.Key, StringComparer.Ordinal).Take(MostLabels))
        {
            for (var channel = 0; channel < Math.Min(MostChannels, known[0].Series.ChannelCount); channel++)
            {
                var chart = NewChart(group.Key, known[0].Series, channel, low, high);
                chart.Series.Add(Line("mean", Mean([.. group.Select(s => s.Series.ChannelValues(channel))])));
                foreach (var (i, example) in group.Take(Examples).Index())
                    chart.Series.Add(Line($"example {i + 1}", example.Series.ChannelValues(channel)));
                page.Chart(chart, Show.Number(group.Count(), "series").Replace("seriess", "series", StringComparison.Ordinal));
            }
        }
    }

    private static void AddMistakes(HtmlPage page, IReadOnlyList<LabelledSeries> known, SignalScores scores)
    {
        page.Heading("Mistakes");
        var wrong = scores.Series.Zip(scores.Predictions).Where(p => p.First.Label != p.Second.Label).ToArray();
        if (wrong.Length == 0)
        {
            page.Paragraph("There are none.");
            return;
        }

        page.Paragraph(wrong.Length <= MostMistakes
            ? "All series whose label was not recognised."
            : $"The first {MostMistakes} of {wrong.Length} series whose label was not recognised.");
        page.Table(["series", "true label", "predicted"], wrong.Take(MostMistakes).Select(
            p => (IReadOnlyList<string>)[SignalData.NameOf(p.First), p.First.Label!, p.Second.Label]));
        foreach (var (series, prediction) in wrong.Take(DrawnMistakes))
        {
            var chart = NewChart($"{series.Label} taken for {prediction.Label}", series.Series, 0, null, null);
            chart.Series.Add(Line("this series", series.Series.ChannelValues(0)));
            foreach (var label in (string[])[series.Label!, prediction.Label])
            {
                if (known.Where(s => s.Label == label).Select(s => s.Series.ChannelValues(0)).ToArray() is { Length: > 0 } own)
                    chart.Series.Add(Line($"mean of {label}", Mean(own)));
            }

            page.Chart(chart, SignalData.NameOf(series));
        }
    }

    private static LineChart NewChart(string title, TimeSeries series, int channel, double? low, double? high)
    {
        var name = series.Channels[channel];
        return new LineChart(new ChartAxis("step"), new ChartAxis(name) { Least = low, Most = high })
        {
            Title = series.ChannelCount == 1 ? title : $"{title}: {name}",
        };
    }

    /// <summary>A line through values, of which neighbours are averaged where there are many.</summary>
    private static ChartSeries Line(string name, IReadOnlyList<float> values)
    {
        var width = Math.Max(1, (values.Count + MostPoints - 1) / MostPoints);
        return new ChartSeries(name,
            [.. values.Chunk(width).Select((c, i) => new ChartPoint(i * width, Math.Round(c.Average(), 4)))])
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
