using System.Globalization;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.DetectAnomalies;

/// <summary>Events as lines of CSV and as JSON; values and expectations are those of the step with the highest score.</summary>
internal static class EventLines
{
    /// <summary>The head of the table.</summary>
    public static string Head(TimeSeries series) => string.Join(',', ["start", "end", "peak",
        .. series.Channels.Select(c => Quoted(c)), .. series.Channels.Select(c => Quoted($"expected {c}")), "score"]);

    /// <summary>The line of an event.</summary>
    public static string Of(Detection detection, AnomalyEvent one)
    {
        var series = detection.Series;
        return string.Join(',', [series.TimeOf(one.Start), series.TimeOf(one.End), series.TimeOf(one.Peak),
            .. ValuesAt(series.Values, one.Peak).Select(v => SeriesText.Value(v)),
            .. detection.ExpectedAt(one.Peak).ToArray().Select(v => SeriesText.Value(v)), SeriesText.Score(one.Score)]);
    }

    /// <summary>An event for JSON.</summary>
    public static IEnumerable<(string Name, object? Value)> Values(Detection detection, AnomalyEvent one)
    {
        var (series, expected) = (detection.Series, detection.ExpectedAt(one.Peak).ToArray());
        return
        [
            ("event", "anomaly"), ("start", series.TimeOf(one.Start)), ("end", series.TimeOf(one.End)),
            ("peak", series.TimeOf(one.Peak)), ("values", ValuesAt(series.Values, one.Peak).Select(Number)),
            ("expected", expected.Select(Number)), ("score", one.Score),
        ];
    }

    /// <summary>A number with the digits of float32; a missing one is null in JSON.</summary>
    public static double Number(float value) =>
        double.Parse(value.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <summary>A cell, in quotes where it needs them.</summary>
    public static string Quoted(string cell) => cell.AsSpan().ContainsAny(",\"\n")
        ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
        : cell;

    private static IEnumerable<float> ValuesAt(TimeSeries series, int step) =>
        Enumerable.Range(0, series.ChannelCount).Select(c => series[step, c]);
}
