namespace SeqCore.Models;

/// <summary>
/// How well alarms find events, where each event is a window of steps: an event is found by the first alarm in its window, and an
/// alarm outside of all windows is false.
/// </summary>
/// <param name="Events">The number of windows.</param>
/// <param name="FoundEvents">The number of windows with at least one alarm.</param>
/// <param name="Alarms">The number of alarms.</param>
/// <param name="FalseAlarms">The number of alarms outside of all windows.</param>
/// <param name="Steps">The number of steps that were judged.</param>
/// <param name="MeanDelay">
/// The mean number of steps from the beginning of a window to its first alarm, over the windows found; NaN if none was.
/// </param>
/// <example>
/// <code>
/// var score = EventScore.Of(length: 1000, windows: [new(100, 20), new(500, 20)], alarms: [105, 110, 700]);
/// Console.WriteLine($"{score.Precision:0.00} {score.Recall:0.00} {score.MeanDelay}");                   // 0.50 0.50 5
/// Console.WriteLine($"{score.FalseAlarmsPerWeek(TimeSpan.FromHours(1)):0.00}");                         // 0.17
/// </code>
/// </example>
public sealed record EventScore(int Events, int FoundEvents, int Alarms, int FalseAlarms, long Steps, double MeanDelay)
{
    /// <summary>
    /// The part of what was reported that is right: found events / (found events + false alarms). Several alarms in one window
    /// count once. NaN without any alarm.
    /// </summary>
    public double Precision => (double)FoundEvents / (FoundEvents + FalseAlarms);

    /// <summary>The part of the events that were found; NaN without any event.</summary>
    public double Recall => (double)FoundEvents / Events;

    /// <summary>
    /// The harmonic mean of precision and recall: 2 found / (found + false alarms + events); NaN without either.
    /// </summary>
    public double F1 => 2.0 * FoundEvents / (FoundEvents + FalseAlarms + Events);

    /// <summary>Scores alarms.</summary>
    /// <param name="length">The number of steps of the series.</param>
    /// <param name="windows">The windows of its events, in order, without overlaps.</param>
    /// <param name="alarms">The steps with an alarm, in order.</param>
    /// <param name="start">The first step that is judged; alarms and windows before it are left out. 0 by default.</param>
    /// <exception cref="ArgumentException">A window or alarm is out of range or out of order.</exception>
    public static EventScore Of(int length, IReadOnlyList<StepRange> windows, IReadOnlyList<int> alarms, int start = 0)
    {
        var series = new NabSeries(length, windows);
        ArgumentNullException.ThrowIfNull(alarms);
        Argument.AtMost(Argument.AtLeast(start, nameof(EventScore), nameof(start), 0), nameof(EventScore), nameof(start), length);
        for (var i = 0; i < alarms.Count; i++)
        {
            if (alarms[i] < (i > 0 ? alarms[i - 1] + 1 : 0) || alarms[i] >= length)
            {
                throw new ArgumentException($"EventScore: alarm {i} is at step {alarms[i]}; there are {length} steps, and it"
                    + " should be behind the alarm before it.", nameof(alarms));
            }
        }

        var judged = series.Windows.Where(w => w.End > start).ToList();
        int[] counted = [.. alarms.Where(a => a >= start)];
        var delays = judged.Select(w => (Window: w, Alarm: counted.FirstOrDefault(a => w.Contains(a), -1)))
            .Where(f => f.Alarm >= 0).Select(f => f.Alarm - f.Window.Start).ToList();
        return new EventScore(judged.Count, delays.Count, counted.Length,
            counted.Count(a => !judged.Exists(w => w.Contains(a))), length - start,
            delays.Count == 0 ? double.NaN : delays.Average());
    }

    /// <summary>Adds the scores of several series up.</summary>
    /// <param name="scores">The scores, at least one.</param>
    public static EventScore Sum(IReadOnlyList<EventScore> scores)
    {
        Argument.NoNulls(scores, nameof(EventScore), nameof(scores));
        Argument.AtLeast(scores.Count, nameof(EventScore), nameof(scores));
        var found = scores.Sum(s => s.FoundEvents);
        return new EventScore(scores.Sum(s => s.Events), found, scores.Sum(s => s.Alarms), scores.Sum(s => s.FalseAlarms),
            scores.Sum(s => s.Steps), found == 0 ? double.NaN
                : scores.Where(s => s.FoundEvents > 0).Sum(s => s.MeanDelay * s.FoundEvents) / found);
    }

    /// <summary>Computes the number of false alarms a week.</summary>
    /// <param name="interval">The time between two steps.</param>
    public double FalseAlarmsPerWeek(TimeSpan interval)
    {
        if (interval <= TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(nameof(interval), interval,
                "EventScore: the time between two steps should be above zero.");
        }

        return FalseAlarms / (Steps * (interval / TimeSpan.FromDays(7)));
    }
}
