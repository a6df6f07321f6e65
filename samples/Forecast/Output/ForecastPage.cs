using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.Forecast;

/// <summary>Pages with the history, forecasts with their intervals, and errors by step.</summary>
internal static class ForecastPage
{
    private const int MostCharts = 4, MostLines = 7;

    /// <summary>The page of one forecaster.</summary>
    public static HtmlPage Of(ForecastModel model, SeriesData data, ForecastScores? scores, IReadOnlyList<ForecastRow> rows,
        IntervalForecast next)
    {
        var page = new HtmlPage($"Forecast of {data.Name}");
        page.Paragraph($"Forecaster: {model.Name}, {model.Description}. {TrainingRun.Describe(data)}.");
        page.Heading("The next steps");
        AddForecast(page, data.Whole, next);
        if (scores is null)
            return page;
        page.Heading("On the test steps");
        AddTable(page, data, rows, next.Point.Length, next.Coverage);
        page.Chart(ByStep(data, rows, next.Point.Length), "Lower is better.");
        page.Chart(Earlier(data, scores), "Forecasts one after the other, each made from the steps before it alone.");
        return page;
    }

    /// <summary>Adds charts of a forecast after a series; null for the forecast alone.</summary>
    public static void AddForecast(HtmlPage page, TimeSeries? series, IntervalForecast next)
    {
        for (var c = 0; c < Math.Min(MostCharts, next.Point.ChannelCount); c++)
        {
            page.Chart(series is null ? Alone(next, c) : Next(series.Select(next.Point.Channels), next, c), Interval(next));
        }
    }

    /// <summary>Adds a table of scores.</summary>
    public static void AddTable(HtmlPage page, SeriesData data, IReadOnlyList<ForecastRow> rows, int horizon, double coverage)
    {
        var table = ScoreTables.Of(data, rows, horizon, coverage);
        page.Heading(table.Title, 3);
        page.Table(table.Head, table.Rows.Select(r => (IReadOnlyList<string>)[.. r.Select(c => c.Text)]));
        page.Paragraph(ScoreTables.Legend(data, coverage, table));
    }

    /// <summary>The end of a series and the forecast of a row.</summary>
    public static LineChart Next(TimeSeries series, ForecastRow row) => Next(series, 0, row.Next.Count, h =>
        (row.Next[h], row.NextLower[h], row.NextUpper[h]));

    private static LineChart Alone(IntervalForecast next, int channel)
    {
        var name = next.Point.Channels[channel];
        var chart = New(next.Point, name, $"Forecast of {name}");
        chart.Series.Add(new ChartSeries("forecast", [.. Points(next, channel, 0)]) { HasSymbols = false, Style = 1 });
        return chart;
    }

    private static LineChart Next(TimeSeries series, IntervalForecast next, int channel) => Next(series, channel,
        next.Point.Length, h => (next.Point[h, channel], next.Lower[h, channel], next.Upper[h, channel]));

    private static LineChart Next(TimeSeries series, int channel, int horizon,
        Func<int, (double Point, double Lower, double Upper)> next)
    {
        var shown = Math.Min(series.Length, Math.Max(4 * horizon, 60));
        var start = series.Length - shown;
        var part = series.Slice(start, shown);
        var chart = New(part, series.Channels[channel], $"Forecast of {series.Channels[channel]}");
        chart.Series.Add(History(part, channel));
        ChartPoint Point(int h) => next(h) is var p ? new ChartPoint(shown + h, p.Point, p.Lower, p.Upper) : default;
        ChartPoint[] points = [.. Enumerable.Range(0, horizon).Select(Point)];
        chart.Series.Add(new ChartSeries("forecast", points) { HasSymbols = false, Style = 1 });
        return chart;
    }

    /// <summary>The error of each step of a forecast, of the best forecasters.</summary>
    public static LineChart ByStep(SeriesData data, IReadOnlyList<ForecastRow> rows, int horizon)
    {
        var unit = data.Whole.ChannelCount == 1 ? "" : " in standard deviations";
        var error = new ChartAxis($"mean absolute error{unit}") { Least = 0 };
        var chart = new LineChart(new ChartAxis("step of the forecast"), error)
        {
            Title = $"Errors by step, forecasts of {horizon}",
        };
        var all = rows.Where(r => r.Horizon == horizon).GroupBy(r => r.Row).ToArray();
        var best = all.OrderBy(g => g.Average(r => r.Mase)).Take(MostLines).ToHashSet();
        foreach (var (group, i) in all.Where(best.Contains).Select((g, i) => (g, i)))
        {
            ChartPoint[] points = [.. Enumerable.Range(0, horizon)
                .Select(h => new ChartPoint(h + 1, group.Average(r => r.MaeByStep[h])))];
            chart.Series.Add(new ChartSeries(group.Key, points) { Style = i });
        }

        return chart;
    }

    /// <summary>Forecasts of the last steps for test, one after the other.</summary>
    private static LineChart Earlier(SeriesData data, ForecastScores scores)
    {
        var (test, horizon, rolled) = (scores.Actual, scores.Rolled.Horizon, scores.Rolled);
        var count = Math.Min(4, rolled.Origins.Count / horizon + 1);
        var first = rolled.Origins.Count - 1 - ((count - 1) * horizon);
        var start = Math.Max(0, rolled.Origins[first] - horizon);
        var part = test.Slice(start, test.Length - start);
        var chart = New(part, test.Channels[0], $"Forecasts of {test.Channels[0]} and actual values");
        chart.Series.Add(History(part, 0));
        var points = new List<ChartPoint>();
        for (var i = first; i < rolled.Origins.Count; i += horizon)
            points.AddRange(Points(rolled.Forecasts[i][0], 0, rolled.Origins[i] - start));
        chart.Series.Add(new ChartSeries("forecast", points) { HasSymbols = false, Style = 1 });
        return chart;
    }

    private static string Interval(IntervalForecast next) =>
        $"The band is the interval for {ScoreTables.Level(next.Coverage)}; it is as wide as errors of earlier forecasts were.";

    private static LineChart New(TimeSeries part, string unit, string title)
    {
        var times = StepTimes.Of(part);
        return new LineChart(new ChartAxis(times is null ? "step" : "time") { Times = times, Least = 0 }, new ChartAxis(unit))
        {
            Title = title,
        };
    }

    private static ChartSeries History(TimeSeries part, int channel) =>
        new(part.Channels[channel], part.ChannelValues(channel).Select(v => (double)v)) { HasSymbols = false, Style = 0 };

    private static IEnumerable<ChartPoint> Points(IntervalForecast forecast, int channel, int offset) =>
        Enumerable.Range(0, forecast.Point.Length).Select(h => new ChartPoint(offset + h, forecast.Point[h, channel],
            forecast.Lower[h, channel], forecast.Upper[h, channel]));
}
