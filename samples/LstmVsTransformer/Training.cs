using System.Diagnostics;
using SeqCore.Models;

namespace SeqCore.Samples.LstmVsTransformer;

/// <summary>Trains one model on one task until it has learned it or the cap is reached.</summary>
/// <param name="settings">What all trainings share.</param>
/// <param name="experiment">Task and cap.</param>
/// <param name="contender">Who learns.</param>
/// <param name="rate">Learning rate.</param>
/// <param name="index">Which of the seeds.</param>
/// <param name="seed">Of the study: with the index it decides the sequences, which are the same for every model.</param>
internal sealed class Training(LearningSettings settings, Experiment experiment, Contender contender, float rate, int index,
    ulong seed)
{
    private readonly SequenceTask task = experiment.Task;

    /// <summary>About how long it takes, to begin with the longest.</summary>
    internal double Cost => (double)experiment.Cap * experiment.Length;

    /// <summary>Trains.</summary>
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

/// <summary>How one training went.</summary>
/// <param name="Group">The experiment's kind.</param>
/// <param name="Task">What was to be learned.</param>
/// <param name="Length">T</param>
/// <param name="Model">Who learned.</param>
/// <param name="Parameters">Trained values.</param>
/// <param name="LearningRate">Of Adam.</param>
/// <param name="Seed">0, 1, 2, ...</param>
/// <param name="Cap">Steps after which it gave up.</param>
/// <param name="Chance">Accuracy of guessing.</param>
/// <param name="LearnedAt">Steps it took; null if it gave up.</param>
/// <param name="Seconds">How long it took, other runs beside it.</param>
/// <param name="Points">Means over the last steps.</param>
/// <param name="AttentionShare">
/// After training: attention of the last step on the answer's place, in the head that looks there most; null without attention.
/// </param>
/// <param name="GradientShare">
/// After training: the answer's place among the norms of the gradient to all inputs; null where it was not learned.
/// </param>
internal sealed record TrainingRun(
    TaskKind Group, string Task, int Length, Contender Model, long Parameters, float LearningRate, int Seed, int Cap,
    double Chance, int? LearnedAt, double Seconds, IReadOnlyList<LearningPoint> Points, double? AttentionShare,
    double? GradientShare)
{
    /// <summary>Steps it took; infinite if it gave up.</summary>
    internal double Steps => LearnedAt ?? double.PositiveInfinity;

    /// <summary>Accuracy at the end.</summary>
    internal double Accuracy => Points.Count == 0 ? 0 : Points[^1].Accuracy;
}

/// <summary>Loss and accuracy of the sequences of some steps, each seen for the first time.</summary>
internal readonly record struct LearningPoint(int Step, double Loss, double Accuracy);
