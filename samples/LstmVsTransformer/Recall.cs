using System.Collections.Concurrent;
using System.Text.Json.Serialization;
using SeqCore.Kernels;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.LstmVsTransformer;

/// <summary>The kinds of tasks to learn.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TaskKind>))]
internal enum TaskKind
{
    RememberFirst,
    Copy,
    Adding,
    AssociativeRecall,

    /// <summary>Remember the first token, by Transformers with and without positions.</summary>
    Positions,
}

/// <summary>A task at one length, and when to give up.</summary>
/// <param name="Kind">The kind of task.</param>
/// <param name="Length">T, the number of steps.</param>
/// <param name="Cap">The number of steps after which a model that has not learned the task has failed.</param>
internal sealed record Experiment(TaskKind Kind, int Length, int Cap)
{
    /// <summary>The task itself.</summary>
    internal SequenceTask Task => Kind switch
    {
        TaskKind.RememberFirst or TaskKind.Positions => new RememberFirst(Length),
        TaskKind.Copy => new CopyTask(Length),
        TaskKind.Adding => new AddingTask(Length),
        TaskKind.AssociativeRecall => new AssociativeRecall(Length),
        _ => throw new ArgumentOutOfRangeException(nameof(Kind), Kind, "There is no such task."),
    };
}

/// <summary>The settings of the measurement of learning.</summary>
/// <param name="Learning">The hyperparameters that all runs share.</param>
/// <param name="Experiments">The tasks with their lengths and limits.</param>
internal sealed record RecallSettings(LearningSettings Learning, IReadOnlyList<Experiment> Experiments)
{
    /// <summary>The Transformer, whose number of parameters the others match.</summary>
    internal static TransformerSettings Transformer { get; } = new(32, 2, 2);
}

/// <summary>The hyperparameters that all runs share.</summary>
internal sealed record LearningSettings
{
    /// <summary>B, new sequences in every step.</summary>
    public int Batch { get; init; } = 16;

    /// <summary>
    /// The learning rates of Adam: every model is trained with each, and the better one counts for each model, task and length.
    /// </summary>
    public IReadOnlyList<float> LearningRates { get; init; } = [3e-3f, 1e-2f];

    /// <summary>The global norm to which gradients are clipped.</summary>
    public float Clip { get; init; } = 1f;

    /// <summary>Steps over which loss and accuracy are averaged: one point of a curve.</summary>
    public int Every { get; init; } = 25;

    /// <summary>Accuracy from which a task counts as learned.</summary>
    public double Learned { get; init; } = 0.99;

    /// <summary>The number of runs of each model on each task.</summary>
    public required int Seeds { get; init; }
}

/// <summary>The learning of tasks whose answer is far back.</summary>
/// <param name="Settings">The settings of all runs.</param>
/// <param name="Runs">The runs of every model, task, length, learning rate and seed.</param>
internal sealed record RecallResult(LearningSettings Settings, IReadOnlyList<TrainingRun> Runs)
{
    /// <summary>The models that tried a task.</summary>
    internal IReadOnlyList<Contender> Models(TaskKind kind) =>
        [.. Runs.Where(r => r.Group == kind).Select(r => r.Model).Distinct()];

    /// <summary>The lengths of a task, rising.</summary>
    internal IReadOnlyList<int> Lengths(TaskKind kind) =>
        [.. Runs.Where(r => r.Group == kind).Select(r => r.Length).Distinct().Order()];

    /// <summary>
    /// The trainings of one model, all its seeds, with the learning rate that took it fewer steps in the median, or where both
    /// gave up, brought it to the higher accuracy.
    /// </summary>
    internal IReadOnlyList<TrainingRun> Of(TaskKind kind, int length, Contender model) =>
        Runs.Where(r => r.Group == kind && r.Length == length && r.Model == model).GroupBy(r => r.LearningRate)
            .OrderBy(g => Spread.Of(g.Select(r => r.Steps)).Median)
            .ThenByDescending(g => Spread.Of(g.Select(r => r.Accuracy)).Median).ThenBy(g => g.Key)
            .FirstOrDefault()?.ToArray() ?? [];

    /// <summary>
    /// The median of the steps that it took; infinite where half of the seeds or more gave up, null where it was not tried.
    /// </summary>
    internal double? Steps(TaskKind kind, int length, Contender model) =>
        Of(kind, length, model) is { Count: > 0 } runs ? Spread.Of(runs.Select(r => r.Steps)).Median : null;

    /// <summary>Whether most seeds of a model learned a task.</summary>
    internal bool Learns(TaskKind kind, int length, Contender model) => Steps(kind, length, model) < double.PositiveInfinity;

    /// <summary>
    /// The longest length that a model learned with most of its seeds; 0 for none, null where it was not tried.
    /// </summary>
    internal int? Longest(TaskKind kind, Contender model)
    {
        var tried = Lengths(kind).Where(l => Steps(kind, l, model) is not null).ToArray();
        return tried.Length == 0 ? null : tried.Where(l => Learns(kind, l, model)).DefaultIfEmpty(0).Max();
    }

    /// <summary>For example "125 steps at length 30" or "not within 400 steps at length 30 (accuracy 13 %)".</summary>
    internal string Words(TaskKind kind, int length, Contender model)
    {
        var runs = Of(kind, length, model);
        if (runs.Count == 0)
            return "-";
        return Learns(kind, length, model)
            ? $"{Show.Count(Steps(kind, length, model)!.Value)} steps at length {length}"
            : $"not within {Show.Count(runs[0].Cap)} steps at length {length} (accuracy"
                + $" {Figures.Share(Spread.Of(runs.Select(r => r.Accuracy)).Median)})";
    }
}

/// <summary>
/// Runs all trainings: on the CPU as many side by side as there are threads, each on one thread (results do not depend on it); on
/// a GPU, which has one queue, one after the other.
/// </summary>
internal static class RecallStudy
{
    /// <summary>Trains everything.</summary>
    /// <param name="settings">The settings of the runs.</param>
    /// <param name="seed">The seed of the study.</param>
    /// <param name="progress">Shows the progress.</param>
    /// <param name="cancellation">Stops early.</param>
    internal static RecallResult Run(RecallSettings settings, ulong seed, Progress progress, CancellationToken cancellation)
    {
        var trainings = (
            from experiment in settings.Experiments
            from contender in experiment.Kind == TaskKind.Positions ? Contenders.Positioned : Contenders.Learners
            from rate in settings.Learning.LearningRates
            from index in Enumerable.Range(0, settings.Learning.Seeds)
            select new Training(settings.Learning, experiment, contender, rate, index, seed)).ToArray();
        var runs = new TrainingRun[trainings.Length];
        var order = Enumerable.Range(0, trainings.Length).OrderByDescending(i => trainings[i].Cost).ToArray();
        var threads = Backend.Default.Device.Kind == DeviceKind.Cpu ? Backend.Default.Threads : 1;
        using var single = Backend.Default.Device.Kind == DeviceKind.Cpu ? new Machine(new CpuBackend(1)) : null;
        Parallel.ForEach(
            Partitioner.Create(order, EnumerablePartitionerOptions.NoBuffering),
            new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation },
            i =>
            {
                runs[i] = trainings[i].Run(cancellation);
                progress.Done($"{runs[i].Model.Name()}, {runs[i].Task}, {runs[i].Length} steps", trainings.Length);
            });
        return new RecallResult(settings.Learning, runs);
    }
}
