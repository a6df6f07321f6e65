using System.Diagnostics;
using SeqCore.Models;
using SeqCore.Samples.LstmVsTransformer.Contenders;
using SeqCore.Samples.LstmVsTransformer.Forms;
using SeqCore.Samples.LstmVsTransformer.Results;
using SeqCore.Samples.LstmVsTransformer.Tasks;

namespace SeqCore.Samples.LstmVsTransformer.Recall;

/// <summary>Trains one model on one task until it has learned it or the cap is reached.</summary>
/// <param name="form">What all trainings share.</param>
/// <param name="experiment">Task and cap.</param>
/// <param name="contender">Who learns.</param>
/// <param name="rate">Learning rate.</param>
/// <param name="index">Which of the seeds.</param>
/// <param name="seed">Of the study: with the index it decides the sequences, which are the same for every model.</param>
internal sealed class Training(RecallForm form, Experiment experiment, Contender contender, float rate, int index, ulong seed)
{
    private readonly SequenceTask task = experiment.Task;

    /// <summary>About how long it takes, to begin with the longest.</summary>
    internal double Cost => (double)experiment.Cap * experiment.Length;

    /// <summary>Trains.</summary>
    internal TrainingRun Run(CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        var data = new RandomGenerator(Stream("data"));
        var random = new RandomGenerator(Stream(contender.Name));
        using var model = Create(random);
        using var optimizer = new Adam(model.Parameters(), rate);
        var points = new List<LearningPoint>();
        int? learnedAt = null;
        var (loss, accuracy) = (0.0, 0.0);
        for (var step = 1; step <= experiment.Cap && learnedAt is null; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            var (l, a) = Step(model, optimizer, data);
            (loss, accuracy) = (loss + l / form.Every, accuracy + a / form.Every);
            if (step % form.Every != 0)
                continue;
            points.Add(new LearningPoint(step, loss, accuracy));
            if (accuracy >= form.Learned)
                learnedAt = step;
            (loss, accuracy) = (0.0, 0.0);
        }

        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var isFirst = task is RememberFirst;
        return new TrainingRun(experiment.Kind.ToString(), task.Name, task.Length, contender.Name, model.ParameterCount, rate,
            index, experiment.Cap, task.Chance, learnedAt, seconds, points,
            isFirst ? Looks.AttentionOnFirst(model.Core, task, model, data) : null,
            isFirst && learnedAt is not null ? Looks.GradientOnFirst(model.Core, task, model, data) : null);
    }

    private (double Loss, double Accuracy) Step(SequenceModel model, Adam optimizer, RandomGenerator data)
    {
        using var batch = task.Draw(data, form.Batch);
        using var tape = new Tape();
        var outputs = model.Answer(batch, task.Answers);
        var loss = task.Loss(outputs, batch);
        var result = (loss.Value.Item(), task.Accuracy(outputs.Value, batch));
        tape.Backward(loss);
        optimizer.StepClipped(form.Clip);
        optimizer.ZeroGradients();
        return result;
    }

    // All have as many parameters as the Transformer, and embeddings as wide.
    private SequenceModel Create(RandomGenerator random)
    {
        var width = form.Transformer.ModelSize;
        using var measure = Make(new TransformerCore(form.Transformer, random), random);
        var units = contender.Name.Contains("LSTM", StringComparison.Ordinal)
            || contender.Name is Contender.RnnName or Contender.GruName
            ? Sizing.Nearest(measure.ParameterCount, h => Count(h, random))
            : width;
        return Make(contender.Create(width, units, random), random);
    }

    private long Count(int units, RandomGenerator random)
    {
        using var model = Make(contender.Create(form.Transformer.ModelSize, units, random), random);
        return model.ParameterCount;
    }

    private SequenceModel Make(SequenceCore core, RandomGenerator random) =>
        new(task.VocabularySize, form.Transformer.ModelSize, core, task.OutputSize, random);

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
