using System.Globalization;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.Forecast;

/// <summary>Forecasts as lines of CSV, one for each step: the time, and for each channel the value and its interval.</summary>
internal static class ForecastLines
{
    /// <summary>The names of the columns.</summary>
    public static IEnumerable<string> Header(IntervalForecast forecast)
    {
        var share = (100 * forecast.Coverage).ToString("0.#", CultureInfo.InvariantCulture);
        yield return CsvLine.Of(forecast.Point.Channels
            .SelectMany(c => (string[])[c, $"{c} low {share}%", $"{c} high {share}%"])
            .Prepend(forecast.Point.Start is null ? "step" : "time"));
    }

    /// <summary>The lines of a forecast.</summary>
    public static IEnumerable<string> Of(IntervalForecast forecast) =>
        Enumerable.Range(0, forecast.Point.Length).Select(h => string.Join(',', Numbers(forecast, h).Select(SeriesText.Value)
            .Prepend(Time(forecast, h))));

    /// <summary>The values of each step for JSON.</summary>
    public static IEnumerable<IEnumerable<(string Name, object? Value)>> Values(IntervalForecast forecast) =>
        Enumerable.Range(0, forecast.Point.Length).Select(h => (IEnumerable<(string, object?)>)
        [
            ("event", "forecast"), (forecast.Point.Start is null ? "step" : "time", Time(forecast, h)),
            ("coverage", forecast.Coverage),
            ("channels", forecast.Point.Channels.Select((name, c) => (name, (object?)new (string, object?)[]
            {
                ("value", (double)forecast.Point[h, c]), ("low", (double)forecast.Lower[h, c]),
                ("high", (double)forecast.Upper[h, c]),
            })).ToArray()),
        ]);

    private static IEnumerable<double> Numbers(IntervalForecast forecast, int step) =>
        Enumerable.Range(0, forecast.Point.ChannelCount).SelectMany(c => (double[])
            [forecast.Point[step, c], forecast.Lower[step, c], forecast.Upper[step, c]]);

    private static string Time(IntervalForecast forecast, int step) => forecast.Point.Start is null
        ? (step + 1).ToString(CultureInfo.InvariantCulture)
        : SeriesText.Time(forecast.Point, step);
}
