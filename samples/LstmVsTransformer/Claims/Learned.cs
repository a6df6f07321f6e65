using SeqCore.Samples.LstmVsTransformer.Forms;
using SeqCore.Samples.LstmVsTransformer.Measuring;
using SeqCore.Samples.LstmVsTransformer.Results;

namespace SeqCore.Samples.LstmVsTransformer.Claims;

/// <summary>What the trainings of a study say, model by model.</summary>
internal static class Learned
{
    /// <summary>
    /// The trainings of one model, all its seeds, with the learning rate that took it fewer steps in the median, or where both
    /// gave up, brought it to the greater accuracy.
    /// </summary>
    internal static IReadOnlyList<TrainingRun> Of(RecallResult? recall, TaskKind kind, int length, string model) =>
        recall?.Runs.Where(r => r.Group == kind.ToString() && r.Length == length && r.Model == model).GroupBy(r => r.LearningRate)
            .OrderBy(g => Spread.Of(g.Select(r => r.Steps)).Median)
            .ThenByDescending(g => Spread.Of(g.Select(r => r.Accuracy)).Median).ThenBy(g => g.Key)
            .FirstOrDefault()?.ToArray() ?? [];

    /// <summary>Who tried a task.</summary>
    internal static IReadOnlyList<string> Models(RecallResult recall, TaskKind kind) =>
        [.. recall.Runs.Where(r => r.Group == kind.ToString()).Select(r => r.Model).Distinct()];

    /// <summary>The lengths of a task, rising.</summary>
    internal static IReadOnlyList<int> Lengths(RecallResult? recall, TaskKind kind) =>
        recall is null ? [] : [.. recall.Runs.Where(r => r.Group == kind.ToString()).Select(r => r.Length).Distinct().Order()];

    /// <summary>
    /// Median of the steps it took; infinite where half of the seeds or more gave up, null where it was not tried.
    /// </summary>
    internal static double? Steps(RecallResult? recall, TaskKind kind, int length, string model) =>
        Of(recall, kind, length, model) is { Count: > 0 } runs ? Median(runs) : null;

    /// <summary>
    /// The longest length that a model learned with most of its seeds; 0 for none, null where it was not tried.
    /// </summary>
    internal static int? Longest(RecallResult? recall, TaskKind kind, string model)
    {
        var tried = Lengths(recall, kind).Where(l => Steps(recall, kind, l, model) is not null).ToArray();
        return tried.Length == 0
            ? null
            : tried.Where(l => double.IsFinite(Steps(recall, kind, l, model)!.Value)).DefaultIfEmpty(0).Max();
    }

    /// <summary>For example "learned in 125 steps" or "not within 400 steps (accuracy 13 %)".</summary>
    internal static string Words(RecallResult? recall, TaskKind kind, int length, string model)
    {
        var runs = Of(recall, kind, length, model);
        if (runs.Count == 0)
            return "-";
        var median = Median(runs);
        return double.IsFinite(median)
            ? $"{Report.Figures.Count(median)} steps at length {length}"
            : $"not within {Report.Figures.Count(runs[0].Cap)} steps at length {length} (accuracy"
                + $" {Report.Figures.Share(Spread.Of(runs.Select(r => r.Accuracy)).Median)})";
    }

    private static double Median(IReadOnlyList<TrainingRun> runs) => Spread.Of(runs.Select(r => r.Steps)).Median;
}
