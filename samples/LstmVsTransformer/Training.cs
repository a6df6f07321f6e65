using System.Diagnostics;
using System.Text.Json.Serialization;
using SeqCore.Models;

namespace SeqCore.Samples.LstmVsTransformer;

/// <summary>Trains one model on one task until it has learned it or the cap is reached.</summary>
/// <param name="settings">The settings that all trainings share.</param>
/// <param name="experiment">Task and cap.</param>
/// <param name="contender">The model that learns.</param>
/// <param name="rate">The learning rate.</param>
/// <param name="index">The index of the seed.</param>
/// <param name="seed">The seed of the study: with the index it decides the sequences, which are the same for every model.</param>
internal sealed class Training(LearningSettings settings, Experiment experiment, Contender contender, float rate, int index,
    ulong seed)
{
    private readonly SequenceTask task = experiment.Task;

    /// <summary>The estimated time, so that the longest training begins first.</summary>
    internal double Cost => (double)experiment.Cap * experiment.Length;

    /// <summary>Runs the training.</summary>
    internal TrainingRun Run(CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        var data = new RandomGenerator(Stream("data"));
        var random = new RandomGenerator(Stream(contender.Name()));
        using var model = Create(random);
        using var optimizer = new Adam(model.Parameters(), rate);
        var points = new List<LearningPoint>();
        int? learnedAt = null;
        var (loss, accuracy) = (0.0, 0.0);
        for (var step = 1; step <= experiment.Cap && learnedAt is null; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            var (l, a) = Step(model, optimizer, data);
            (loss, accuracy) = (loss + l / settings.Every, accuracy + a / settings.Every);
            if (step % settings.Every != 0)
                continue;
            points.Add(new LearningPoint(step, loss, accuracy));
            if (accuracy >= settings.Learned)
                learnedAt = step;
            (loss, accuracy) = (0.0, 0.0);
        }

        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var isFirst = task is RememberFirst;
        return new TrainingRun(experiment.Kind, task.Name, task.Length, contender, model.ParameterCount, rate,
            index, experiment.Cap, task.Chance, learnedAt, seconds, points,
            isFirst ? Attribution.AttentionOnFirst(task, model, data) : null,
            isFirst && learnedAt is not null ? Attribution.GradientOnFirst(task, model, data) : null);
    }

    /// <summary>One step: a batch, forward, loss, backward, clipping, update.</summary>
    private (double Loss, double Accuracy) Step(SequenceModel model, Adam optimizer, RandomGenerator data)
    {
        using var batch = task.Draw(data, settings.Batch);
        using var tape = new Tape();
        var outputs = model.Answer(batch, task.Answers);
        var loss = task.Loss(outputs, batch);
        var result = (loss.Value.Item(), task.Accuracy(outputs.Value, batch));
        tape.Backward(loss);
        optimizer.StepClipped(settings.Clip);
        optimizer.ZeroGradients();
        return result;
    }

    // All have as many parameters as the Transformer, and embeddings as wide.
    private SequenceModel Create(RandomGenerator random)
    {
        using var measure = Make(Contender.Transformer, 0, random);
        var units = contender.IsRecurrent() ? Sizing.Nearest(measure.ParameterCount, h => Count(h, random)) : 0;
        return Make(contender, units, random);
    }

    private long Count(int units, RandomGenerator random)
    {
        using var model = Make(contender, units, random);
        return model.ParameterCount;
    }

    private SequenceModel Make(Contender which, int units, RandomGenerator random)
    {
        var (transformer, width) = (RecallSettings.Transformer, RecallSettings.Transformer.ModelSize);
        return new(task.VocabularySize, width, which.Create(width, units, random, transformer), task.OutputSize, random);
    }

    /// <summary>
    /// A stream of random numbers of its own for each purpose, seed and experiment (FNV-1a over what names it).
    /// </summary>
    private ulong Stream(string purpose)
    {
        var hash = 14695981039346656037UL;
        foreach (var letter in $"{seed} {index} {experiment.Kind} {experiment.Length} {purpose}")
            hash = (hash ^ letter) * 1099511628211UL;
        return hash;
    }
}

/// <summary>The result of one training.</summary>
/// <param name="Group">The kind of the experiment.</param>
/// <param name="Task">The name of the task.</param>
/// <param name="Length">T, the number of steps.</param>
/// <param name="Model">The model.</param>
/// <param name="Parameters">The number of trained values.</param>
/// <param name="LearningRate">The learning rate of Adam.</param>
/// <param name="Seed">The index of the seed: 0, 1, 2, ...</param>
/// <param name="Cap">The number of steps after which training gave up.</param>
/// <param name="Chance">The accuracy of guessing.</param>
/// <param name="LearnedAt">The number of steps until the task was learned; null if training gave up.</param>
/// <param name="Seconds">The time it took, with other runs in parallel.</param>
/// <param name="Points">The points of the curve, means over some steps.</param>
/// <param name="AttentionShare">
/// After training: attention of the last step to the answer's position, in the head that attends to it most; null without
/// attention.
/// </param>
/// <param name="GradientShare">
/// After training: the fraction of the answer's position in the sum of the gradient norms of all inputs; null where it was not
/// learned.
/// </param>
internal sealed record TrainingRun(
    TaskKind Group, string Task, int Length, Contender Model, long Parameters, float LearningRate, int Seed, int Cap,
    double Chance, int? LearnedAt, double Seconds, IReadOnlyList<LearningPoint> Points, double? AttentionShare,
    double? GradientShare)
{
    /// <summary>The number of steps until the task was learned; infinite if training gave up.</summary>
    internal double Steps => LearnedAt ?? double.PositiveInfinity;

    /// <summary>The accuracy at the end.</summary>
    internal double Accuracy => Points.Count == 0 ? 0 : Points[^1].Accuracy;
}

/// <summary>Loss and accuracy of the sequences of some steps, each seen for the first time.</summary>
[method: JsonConstructor]
internal readonly record struct LearningPoint(int Step, double Loss, double Accuracy);
