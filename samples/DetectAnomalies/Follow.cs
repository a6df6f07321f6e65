using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.DetectAnomalies;

/// <summary>Judges each line of standard input as it comes.</summary>
internal static class Follow
{
    /// <summary>
    /// Reads steps and answers each with a line: the time, the values, what was expected, the score, and 1 for an alarm.
    /// </summary>
    /// <param name="detector">The detector.</param>
    /// <param name="table">How times and numbers are written.</param>
    /// <param name="skipped">Receives the error of a line that cannot be read; null to stop there.</param>
    /// <param name="terminal">The input and the output.</param>
    public static void Answer(AnomalyDetector detector, TimeSeriesFileOptions table, Action<DataSourceException>? skipped,
        Terminal terminal)
    {
        var frame = detector.Frame!;
        SamplingInterval? interval = frame.Months > 0 ? SamplingInterval.OfMonths(frame.Months)
            : frame.Ticks > 0 ? SamplingInterval.Of(TimeSpan.FromTicks(frame.Ticks)) : null;
        var next = new TimeSeries(new float[frame.Channels.Count], frame.Channels, frame.Next, interval);
        var (isFirst, number) = (true, 0);
        foreach (var steps in TimeSeriesFile.Follow(terminal.Input, next, table, skipped: skipped))
        {
            var last = steps.Length - 1;
            float[] values = [.. Enumerable.Range(0, steps.ChannelCount).Select(c => steps[last, c])];
            var point = detector.Observe(values, steps.Start is null ? null : steps.TimeAt(last));
            var time = steps.Start is null ? $"{number++}" : SeriesText.Time(steps, last);
            var expected = detector.Expected.ToArray();
            if (terminal.Json)
            {
                terminal.Result(("event", "point"), ("time", time), ("values", values.Select(EventLines.Number)),
                    ("expected", expected.Select(EventLines.Number)), ("score", point.Score), ("alarm", point.IsAnomaly));
                continue;
            }

            if (isFirst)
            {
                terminal.Output.WriteLine(string.Join(',', ["time", .. frame.Channels.Select(EventLines.Quoted),
                    .. frame.Channels.Select(c => EventLines.Quoted($"expected {c}")), "score", "alarm"]));
            }

            terminal.Output.WriteLine(string.Join(',', [time, .. values.Select(v => SeriesText.Value(v)),
                .. expected.Select(v => SeriesText.Value(v)), SeriesText.Score(point.Score), point.IsAnomaly ? "1" : "0"]));
            terminal.Output.Flush();
            isFirst = false;
        }
    }
}
