using System.Globalization;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.DetectAnomalies;

/// <summary>Events as lines of CSV and as JSON; values and expectations are those of the step with the highest score.</summary>
internal static class EventLines
{
    /// <summary>The head of the table; value and expected are those of the channel with the largest part in the score.</summary>
    public const string Head = "start,end,peak,channel,value,expected,score";

    private static readonly string[] ownColumns = ["time", "score", "alarm", "channel"];

    /// <summary>The head of a table of points, with each channel's value and what was expected of it.</summary>
    public static string HeadOfPoints(IReadOnlyList<string> channels) => CsvLine.Of(["time",
        .. channels.Select(c => c.Length == 0 || ownColumns.Contains(c) ? $"value_{c}" : c),
        .. channels.Select(c => $"expected_{c}"), "score", "alarm", "channel"]);

    /// <summary>The line of an event.</summary>
    public static string Of(Detection detection, AnomalyEvent one)
    {
        var series = detection.Series;
        return CsvLine.Of(series.TimeOf(one.Start), series.TimeOf(one.End), series.TimeOf(one.Peak),
            series.Values.Channels[one.Channel], SeriesText.Value(series.Values[one.Peak, one.Channel]),
            SeriesText.Value(detection.ExpectedAt(one.Peak)[one.Channel]), SeriesText.Score(one.Score));
    }

    /// <summary>An event for JSON.</summary>
    public static IEnumerable<(string Name, object? Value)> Values(Detection detection, AnomalyEvent one)
    {
        var (series, expected) = (detection.Series, detection.ExpectedAt(one.Peak).ToArray());
        return
        [
            ("event", "anomaly"), ("start", series.TimeOf(one.Start)), ("end", series.TimeOf(one.End)),
            ("peak", series.TimeOf(one.Peak)), ("channel", series.Values.Channels[one.Channel]),
            ("channels", series.Values.Channels), ("values", ValuesAt(series.Values, one.Peak).Select(Number)),
            ("expected", expected.Select(Number)), ("score", one.Score),
        ];
    }

    /// <summary>A number with the digits of float32; a missing one is null in JSON.</summary>
    public static double Number(float value) =>
        double.Parse(value.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static IEnumerable<float> ValuesAt(TimeSeries series, int step) =>
        Enumerable.Range(0, series.ChannelCount).Select(c => series[step, c]);
}
