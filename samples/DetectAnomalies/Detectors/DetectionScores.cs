using SeqCore.Models;

namespace SeqCore.Samples.DetectAnomalies;

/// <summary>How well a detector found the labelled anomalies of one series or several.</summary>
/// <param name="Own">The scores of the benchmark with the detector's own thresholds: standard, low FP, low FN.</param>
/// <param name="Best">The same with the one threshold that is best for all series, as the benchmark chooses it.</param>
/// <param name="Events">Events, alarms and delay with its own thresholds.</param>
/// <param name="FalseAlarmsPerWeek">The number of false alarms a week, with its own thresholds; NaN without times.</param>
/// <param name="DelayMinutes">The mean delay of the events found, in minutes; NaN where there is none.</param>
internal sealed record DetectionScores(double[] Own, double[] Best, EventScore Events, double FalseAlarmsPerWeek,
    double DelayMinutes)
{
    /// <summary>The names of the benchmark's profiles.</summary>
    public static IReadOnlyList<(string Name, NabProfile Profile)> Profiles { get; } =
    [
        ("standard", NabProfile.Standard), ("low FP", NabProfile.LowFalsePositives), ("low FN", NabProfile.LowFalseNegatives),
    ];

    /// <summary>Scores the detections of all series; each has labels.</summary>
    public static DetectionScores Of(IReadOnlyList<Detection> detections)
    {
        var all = detections.Select(d => (Series: new NabSeries(d.Series.Values.Length, d.Series.Windows!), Detection: d,
            Scores: (IReadOnlyList<double>)d.Scores)).ToList();
        double[] own = [.. Profiles.Select(p => NabScore.Normalize(
            [.. all.Select(a => a.Series.Score(a.Scores, Math.Max(a.Detection.Threshold, double.Epsilon), p.Profile))]))];
        double[] best = [.. Profiles.Select(p =>
        {
            var threshold = NabSeries.BestThreshold([.. all.Select(a => (a.Series, a.Scores))], p.Profile);
            return NabScore.Normalize([.. all.Select(a => a.Series.Score(a.Scores, threshold, p.Profile))]);
        })];
        var events = detections.Select(d => (Score: EventScore.Of(d.Series.Values.Length, d.Series.Windows!, d.Alarms, d.First),
            d.Series.Step)).ToList();
        var weeks = events.Sum(e => e.Step is { } step ? e.Score.Steps * (step / TimeSpan.FromDays(7)) : double.NaN);
        var found = events.Where(e => e.Score.FoundEvents > 0).ToList();
        var sum = EventScore.Sum([.. events.Select(e => e.Score)]);
        var delay = found.Count == 0 ? double.NaN : found.Sum(e => e.Score.MeanDelay * e.Score.FoundEvents
            * (e.Step?.TotalMinutes ?? double.NaN)) / sum.FoundEvents;
        return new DetectionScores(own, best, sum, sum.FalseAlarms / weeks, delay);
    }

    /// <summary>The scores for JSON.</summary>
    public IEnumerable<(string Name, object? Value)> Values =>
    [
        ("nab_own", Own), ("nab_best", Best), ("events", Events.Events),
        ("found", Events.FoundEvents), ("alarms", Events.Alarms), ("false_alarms", Events.FalseAlarms),
        ("precision", Finite(Events.Precision)), ("recall", Finite(Events.Recall)), ("delay_steps", Finite(Events.MeanDelay)),
        ("delay_minutes", Finite(DelayMinutes)), ("false_alarms_per_week", Finite(FalseAlarmsPerWeek)),
    ];

    private static object? Finite(double value) => double.IsFinite(value) ? value : null;
}
