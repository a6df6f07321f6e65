using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.DetectAnomalies;

/// <summary>Judges each line of standard input as it comes.</summary>
internal static class Follow
{
    /// <summary>
    /// Reads steps and answers each with a line: the time, the values, what was expected, the score, 1 for an alarm, and the
    /// channel with the largest part in the score.
    /// </summary>
    /// <param name="detector">The detector.</param>
    /// <param name="table">How times and numbers are written.</param>
    /// <param name="skipped">Receives the error of a line that cannot be read; null to stop there.</param>
    /// <param name="terminal">The input and the output.</param>
    public static void Answer(AnomalyDetector detector, TimeSeriesFileOptions table, Action<DataSourceException>? skipped,
        Terminal terminal)
    {
        var frame = detector.Frame!;
        var next = new TimeSeries(new float[frame.Channels.Count], frame.Channels, frame.Next, SavedDetector.IntervalOf(frame));
        var (isFirst, number) = (true, 0);
        foreach (var steps in TimeSeriesFile.Follow(terminal.Input, next, table, skipped: skipped))
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
            terminal.Output.WriteLine(string.Join(',', [time, .. values.Select(v => SeriesText.Value(v)),
                .. expected.Select(v => SeriesText.Value(v)), SeriesText.Score(point.Score), point.IsAnomaly ? "1" : "0",
                EventLines.Quoted(channel ?? "")]));
            terminal.Output.Flush();
            isFirst = false;
        }
    }
}
