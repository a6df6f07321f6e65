using System.Diagnostics;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.TagWords;

/// <summary>The scores of one model that was trained with one seed; a line of the results.</summary>
/// <param name="Row">The name of the model.</param>
/// <param name="Seed">The seed of the run.</param>
/// <param name="Options">Everything else that the scores depend on, as texts.</param>
/// <param name="Accuracy">The fraction of the words whose tag is right.</param>
/// <param name="SpanF1">The F1 of names; null where tags do not mark any.</param>
/// <param name="UnknownAccuracy">The same fraction of the words that are not in the training text; null without such.</param>
/// <param name="ValidationScore">
/// The main score on the sentences for validation; they are trained on if nothing is chosen by them.
/// </param>
/// <param name="Parameters">The number of parameters.</param>
/// <param name="Seconds">The seconds of training, evaluations included.</param>
internal sealed record AblationRun(string Row, ulong Seed, IReadOnlyDictionary<string, string> Options, double Accuracy,
    double? SpanF1, double? UnknownAccuracy, double ValidationScore, long Parameters, double Seconds) : IResultRow
{
    /// <summary>The name of the file in which earlier versions kept their runs.</summary>
    public const string EarlierFile = "ablation.jsonl";

    /// <inheritdoc/>
    public IEnumerable<(string Name, object? Value)> Values =>
    [
        ("event", "row"), ("row", Row), ("seed", Seed), ("options", ResultsFile.Sorted(Options)), ("accuracy", Accuracy),
        ("span_f1", SpanF1), ("unknown_accuracy", UnknownAccuracy), ("validation_score", ValidationScore),
        ("parameters", Parameters), ("seconds", Seconds),
    ];

    /// <summary>The main score: the F1 of names, or the accuracy.</summary>
    public double Main => SpanF1 ?? Accuracy;

    /// <summary>Trains a model and scores it.</summary>
    /// <param name="name">The name of the model.</param>
    /// <param name="options">The options of the model and its training.</param>
    /// <param name="recorded">Everything but the seed that the scores depend on, as texts.</param>
    /// <param name="data">The sentences.</param>
    /// <param name="part">The sentences to score: test or validation.</param>
    /// <param name="start">The tagger whose words, characters and layers the model starts from; null for none.</param>
    /// <param name="progress">Receives each evaluation.</param>
    /// <param name="cancellation">Stops early.</param>
    /// <returns>The scores; null if training was stopped.</returns>
    public static AblationRun? Of(string name, TrainOptions options, IReadOnlyDictionary<string, string> recorded, TagData data,
        string part, TextTagger? start, Action<Evaluated>? progress, CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        using var model = options.NewModel(data, new RandomGenerator(options.Seed), start);
        using var task = Training.NewTask(model, options, data);
        using var optimizer = options.NewOptimizer(model);
        var settings = options.NewTrainerOptions("") with { Folder = null };
        var trainer = new Trainer(task, optimizer, settings, options.NewSchedule());
        if (progress is not null)
            trainer.Evaluated += (_, evaluation) => progress(evaluation);
        if (trainer.Run(cancellation).End == TrainingEnd.Cancelled)
            return null;
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        model.Evaluate();
        var validation = new TagScores(model, data.Validation, cancellation);
        var scores = part == "test" ? new TagScores(model, data.Test, cancellation) : validation;
        return new AblationRun(name, options.Seed, recorded, scores.Accuracy.Score, scores.SpanF1?.Score,
            double.IsNaN(scores.UnknownAccuracy) ? null : scores.UnknownAccuracy, validation.Main, model.ParameterCount,
            Math.Round(seconds, 1));
    }
}
