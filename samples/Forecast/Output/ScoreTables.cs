using System.Globalization;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.Forecast;

/// <summary>Tables of scores.</summary>
internal static class ScoreTables
{
    /// <summary>One row for each forecaster, in their order; of several seeds the mean, and the spread of MASE.</summary>
    /// <param name="data">The series.</param>
    /// <param name="rows">The rows of all forecasters.</param>
    /// <param name="horizon">The horizon of the table.</param>
    /// <param name="coverage">The coverage of the intervals.</param>
    /// <param name="isForTerminal">Whether columns are left out where a terminal has no room for them.</param>
    public static Table Of(SeriesData data, IReadOnlyList<ForecastRow> rows, int horizon, double coverage,
        bool isForTerminal = false)
    {
        ForecastRow[][] groups = [.. rows.Where(r => r.Horizon == horizon).GroupBy(r => r.Row).Select(g => g.ToArray())];
        var (several, hasSpread) = (data.Whole.ChannelCount > 1, groups.Any(g => g.Length > 1));
        var columns = new List<(string Head, string Key, Func<ForecastRow[], Cell> Cell)>
        {
            ("", "model", g => g[0].Row),
            ("MASE", "mase", Mean(r => r.Mase)),
            ("±", "mase_spread", g => g.Length > 1
                ? Cell.Of((g.Max(r => r.Mase) - g.Min(r => r.Mase)) / 2, s => SeriesText.Spread(s, g.Average(r => r.Mase)))
                : "-"),
            several ? ("MSE", "mse", Mean(r => r.Mse)) : ("RMSE", "rmse", Mean(r => Math.Sqrt(r.Mse))),
            ("MAE", "mae", Mean(r => r.Mae)),
            ("sMAPE", "smape", g => Cell.Of(g.Average(r => r.Smape), s => s.ToString("0.0", CultureInfo.InvariantCulture))),
            ($"in {Level(coverage)}", "coverage", g => Cell.Of(g.Average(r => r.Coverage), Show.Percent)),
            ("width", "width", Mean(r => r.Width)),
            ("fit", "seconds", g => Cell.Of(g.Average(r => r.Seconds), Show.Time)),
            ("weights", "parameters", g => Cell.Of(g[0].Parameters, Show.Count)),
        };
        columns.RemoveAll(c => (c.Head == "±" && !hasSpread) || (c.Head == "sMAPE" && several)
            || (c.Head is "sMAPE" or "width" && hasSpread && isForTerminal));
        return new Table($"Forecasts of {Show.Number(horizon, "step")}, scored on {Show.Count(data.Test!.Length)} steps",
            [.. columns.Select(c => c.Head)], [.. groups.Select(g => (Cell[])[.. columns.Select(c => c.Cell(g))])])
        {
            Name = $"test {horizon}",
            Keys = [.. columns.Select(c => c.Key)],
        };

        static Func<ForecastRow[], Cell> Mean(Func<ForecastRow, double> value) =>
            g => Cell.Of(g.Average(value), SeriesText.Short);
    }

    /// <summary>One row for each channel of new steps.</summary>
    public static Table OfChannels(RollingIntervals rolled, TimeSeries actual)
    {
        var coverage = rolled.Coverages[0];
        return new Table("Errors", ["", "MAE", "RMSE", "sMAPE", $"in {Level(coverage)}", "width"],
            [.. Enumerable.Range(0, actual.ChannelCount).Select(Row)])
        {
            Name = "errors",
            Keys = ["channel", "mae", "rmse", "smape", "coverage", "width"],
        };

        Cell[] Row(int channel)
        {
            var (values, forecasts) = (new List<float>(), new List<float>());
            foreach (var (origin, forecast) in rolled.Origins.Zip(rolled.Forecasts))
            {
                for (var h = 0; h < rolled.Horizon; h++)
                {
                    values.Add(actual[origin + h, channel]);
                    forecasts.Add(forecast[0].Point[h, channel]);
                }
            }

            if (values.TrueForAll(float.IsNaN))
                return [actual.Channels[channel], "-", "-", "-", "-", "-"];
            float[] came = [.. values], made = [.. forecasts];
            return
            [
                actual.Channels[channel], Cell.Of(ForecastMetrics.MeanAbsoluteError(came, made), SeriesText.Short),
                Cell.Of(ForecastMetrics.RootMeanSquaredError(came, made), SeriesText.Short),
                Cell.Of(ForecastMetrics.SymmetricMeanAbsolutePercentageError(came, made), SeriesText.Short),
                Cell.Of(rolled.Coverage(coverage, channel), Show.Percent),
                Cell.Of(rolled.MeanWidth(coverage, channel), SeriesText.Short),
            ];
        }
    }

    /// <summary>What the columns of a table are.</summary>
    public static string Legend(SeriesData data, double coverage, Table table)
    {
        string[] sized = [.. table.Head.Where(h => h is "MSE" or "RMSE" or "MAE" or "width")];
        var unit = data.Whole.ChannelCount > 1 ? "standard deviations of each channel" : "units of the series";
        var before = data.Season > 1 ? $"the value {Show.Number(data.Season, "step")} before" : "the value before";
        return $"MASE: mean absolute error over that of {before}, on the steps before the test; below 1 is better."
            + $" {string.Join(", ", sized[..^1])} and {sized[^1]} are in the {unit}."
            + (table.Head.Contains("sMAPE") ? " sMAPE: mean error in percent of the values." : "")
            + $" in {Level(coverage)}: the part of the values that were in an interval made for {Level(coverage)}."
            + (table.Head.Contains("±") ? " ±: half the distance between the best and the worst seed." : "")
            + " fit: the time of fitting.";
    }

    /// <summary>Says in a sentence whether a network was worth it.</summary>
    public static string? Verdict(IReadOnlyList<ForecastRow> rows, int horizon)
    {
        var means = rows.Where(r => r.Horizon == horizon).GroupBy(r => r.Row)
            .Select(g => (Name: g.Key, Mase: g.Average(r => r.Mase))).OrderBy(m => m.Mase).ToArray();
        bool IsBaseline(string name) => ForecastModel.Baselines.Any(b => b.Name == name);
        var (baseline, network) = (means.FirstOrDefault(m => IsBaseline(m.Name)), means.FirstOrDefault(m => !IsBaseline(m.Name)));
        if (baseline.Name is null || network.Name is null)
            return null;
        var share = Math.Abs(1 - (network.Mase / baseline.Mase));
        return network.Mase < baseline.Mase
            ? $"The best network, {network.Name}, has an error {Show.Percent(share)} below that of the best baseline,"
                + $" {baseline.Name}."
            : $"The best baseline, {baseline.Name}, wins: the best network, {network.Name}, has an error {Show.Percent(share)}"
                + " above it.";
    }

    /// <summary>A coverage in percent, such as 80 %.</summary>
    public static string Level(double share) => (100 * share).ToString("0.#", CultureInfo.InvariantCulture) + " %";
}
