using System.Globalization;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.DetectAnomalies;

/// <summary>The figures of one detector and seed; a line of the results.</summary>
/// <param name="Row">The name of the detector.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Options">Everything else that the figures depend on, as texts.</param>
/// <param name="Parameters">The number of trained values.</param>
/// <param name="Seconds">The time of fitting and of judging all steps.</param>
/// <param name="NabOwn">The benchmark's scores with the detector's own thresholds: standard, low FP, low FN.</param>
/// <param name="NabBest">The same with the threshold that is best for all series.</param>
/// <param name="Events">The number of labelled events.</param>
/// <param name="Found">The number of these with an alarm.</param>
/// <param name="FalseAlarms">The number of alarms outside of all events.</param>
/// <param name="FalseAlarmsPerWeek">The same for each week; null without times.</param>
/// <param name="DelayMinutes">The mean delay of events found; null where there is none.</param>
internal sealed record DetectorRow(string Row, ulong Seed, IReadOnlyDictionary<string, string> Options, long Parameters,
    double Seconds, IReadOnlyList<double> NabOwn, IReadOnlyList<double> NabBest, int Events, int Found, int FalseAlarms,
    double? FalseAlarmsPerWeek, double? DelayMinutes) : IResultRow
{
    /// <summary>The part of what was reported that is right; NaN without any alarm.</summary>
    public double Precision => (double)Found / (Found + FalseAlarms);

    /// <inheritdoc/>
    public IEnumerable<(string Name, object? Value)> Values =>
    [
        ("event", "row"), ("row", Row), ("seed", Seed), ("options", ResultsFile.Sorted(Options)), ("parameters", Parameters),
        ("seconds", Seconds), ("nab_own", NabOwn), ("nab_best", NabBest), ("events", Events), ("found", Found),
        ("false_alarms", FalseAlarms), ("false_alarms_per_week", FalseAlarmsPerWeek), ("delay_minutes", DelayMinutes),
    ];

    /// <summary>Makes a row of scores.</summary>
    public static DetectorRow Of(string name, ulong seed, IReadOnlyDictionary<string, string> options, long parameters,
        double seconds, DetectionScores scores) => new(name, seed, options, parameters, seconds, scores.Own, scores.Best,
        scores.Events.Events, scores.Events.FoundEvents, scores.Events.FalseAlarms, Finite(scores.FalseAlarmsPerWeek),
        Finite(scores.DelayMinutes));

    /// <summary>The table of rows: the mean over seeds, and how far they spread in the first score.</summary>
    public static Table TableOf(IReadOnlyList<DetectorRow> rows)
    {
        string[] head = ["detector", "weights", "NAB", "own", "found", "prec.", "false", "delay", "time"];
        var cells = rows.GroupBy(r => r.Row).Select(g => (IReadOnlyList<Cell>)Cells([.. g])).ToArray();
        return new Table($"Detectors, {Show.Number(rows[0].Events, "labelled event")}", head, cells)
        {
            Name = "detectors",
            Keys = ["detector", "weights", "nab_best", "nab_own", "found", "precision", "false_alarms_per_week", "delay_minutes",
                "seconds"],
        };
    }

    /// <summary>The table of the benchmark's scores by its profiles: the mean over seeds.</summary>
    public static Table ProfilesOf(IReadOnlyList<DetectorRow> rows)
    {
        string[] names = [.. DetectionScores.Profiles.Select(p => p.Name)];
        string[] keys = [.. names.Select(n => n.ToLowerInvariant().Replace(' ', '_'))];
        var cells = rows.GroupBy(r => r.Row).Select(g => (IReadOnlyList<Cell>)[g.Key,
            .. names.Select((_, i) => Cell.Of(g.Average(r => r.NabBest[i]), SeriesText.Score)),
            .. names.Select((_, i) => Cell.Of(g.Average(r => r.NabOwn[i]), SeriesText.Score))]);
        return new Table("NAB by profile", ["detector", .. names, .. names.Select(n => $"own {n}")], [.. cells])
        {
            Name = "profiles",
            Keys = ["detector", .. keys.Select(k => $"nab_best_{k}"), .. keys.Select(k => $"nab_own_{k}")],
        };
    }

    private static Cell[] Cells(DetectorRow[] seeds)
    {
        var first = seeds[0];
        double Mean(Func<DetectorRow, double> of) => seeds.Average(of);
        var (low, high) = (seeds.Min(r => r.NabBest[0]), seeds.Max(r => r.NabBest[0]));
        var best = Mean(r => r.NabBest[0]);
        return
        [
            first.Row,
            first.Parameters == 0 ? "-" : new Cell(Show.Count(first.Parameters), first.Parameters),
            new Cell(SeriesText.Score(best) + (seeds.Length > 1 ? $" ±{SeriesText.Score((high - low) / 2)}" : ""), best),
            Cell.Of(Mean(r => r.NabOwn[0]), SeriesText.Score),
            Cell.Of(Mean(r => r.Found), v => v.ToString("0.#", CultureInfo.InvariantCulture)),
            Cell.Of(Mean(r => r.Precision), v => v.ToString("0.00", CultureInfo.InvariantCulture)),
            Cell.Of(Mean(r => r.FalseAlarmsPerWeek ?? double.NaN), SeriesText.Score),
            Cell.Of(Mean(r => r.DelayMinutes ?? double.NaN), DelayText),
            Cell.Of(Mean(r => r.Seconds), Show.Time),
        ];
    }

    /// <summary>A delay, such as 35 min or 12.5 h.</summary>
    public static string DelayText(double minutes) => minutes < 90
        ? $"{minutes.ToString("0", CultureInfo.InvariantCulture)} min"
        : $"{SeriesText.Score(minutes / 60)} h";

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
