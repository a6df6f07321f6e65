using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.DetectAnomalies;

/// <summary>Judges each line of standard input as it comes.</summary>
internal static class Follow
{
    /// <summary>A series of the channels and the interval that a detector reads, from its next step on.</summary>
    public static TimeSeries Next(ForecastFrame frame) =>
        new(new float[frame.Channels.Count], frame.Channels, frame.Next, frame.Interval);

    /// <summary>
    /// Answers each line with a line: the time, the values, what was expected, the score, 1 for an alarm, and the channel with
    /// the largest part in the score.
    /// </summary>
    /// <param name="detector">The detector.</param>
    /// <param name="lines">The steps of each line, as they come.</param>
    /// <param name="terminal">The output.</param>
    public static void Answer(AnomalyDetector detector, IEnumerable<TimeSeries> lines, Terminal terminal)
    {
        var frame = detector.Frame!;
        var (isFirst, number) = (true, 0);
        foreach (var steps in lines)
        {
            var last = steps.Length - 1;
            float[] values = [.. Enumerable.Range(0, steps.ChannelCount).Select(c => steps[last, c])];
            var point = detector.Observe(values, steps.Start is null ? null : steps.TimeAt(last));
            var time = steps.Start is null ? $"{number++}" : SeriesText.Time(steps, last);
            var expected = detector.Expected.ToArray();
            var channel = point.Channel >= 0 ? frame.Channels[point.Channel] : null;
            if (terminal.Json)
            {
                terminal.Result(("event", "point"), ("time", time), ("values", values.Select(EventLines.Number)),
                    ("expected", expected.Select(EventLines.Number)), ("score", point.Score), ("alarm", point.IsAnomaly),
                    ("channel", channel));
                continue;
            }

            if (isFirst)
                terminal.Output.WriteLine(EventLines.HeadOfPoints(frame.Channels));
            terminal.Output.WriteLine(CsvLine.Of([time, .. values.Select(v => SeriesText.Value(v)),
                .. expected.Select(v => SeriesText.Value(v)), SeriesText.Score(point.Score), point.IsAnomaly ? "1" : "0",
                channel ?? ""]));
            terminal.Output.Flush();
            isFirst = false;
        }
    }
}
