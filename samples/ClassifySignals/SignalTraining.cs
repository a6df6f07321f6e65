using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.ClassifySignals;

/// <summary>Trains a classifier so that people can follow it.</summary>
internal static class SignalTraining
{
    /// <summary>Trains a model, which then has the weights of its best evaluation.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">The options of the run.</param>
    /// <param name="data">The series.</param>
    /// <param name="recorded">What else is recorded of the data.</param>
    /// <param name="folder">The folder of the run.</param>
    /// <param name="machine">The device that computes.</param>
    /// <param name="context">The console and cancellation.</param>
    /// <returns>The report and the recorded configuration; null if training was stopped, which has been shown.</returns>
    public static (TrainingReport Report, IReadOnlyDictionary<string, string> Configuration)? Run(SeriesClassifier model,
        TrainOptions options, SignalData data, IEnumerable<(string Name, object? Value)> recorded, string folder,
        Machine machine, Context context)
    {
        // Each step of the trainer draws series of similar length, records their loss on a tape, back-propagates, clips and
        // updates; it evaluates on the series for validation now and then, and saves checkpoints from which --resume continues.
        using var task = new SeriesClassifierTask(model, data.Training, data.Validation, options.Batch, ~options.Seed)
        {
            EvaluatesAccuracy = true,
        };
        using var optimizer = options.NewOptimizer(model);
        var settings = options.NewTrainerOptions(folder,
            [("data", data.Name), ("series", data.Training.Count), ("balanced", options.IsBalanced ? true : null), .. recorded]);
        var trainer = new Trainer(task, optimizer, settings, options.NewSchedule());
        var report = new WatchedTraining(trainer, model, options, folder, machine, context.Terminal)
        {
            Heading = "SeqCore classification of signals",
            Data = data.Name,
            DataDescription = data.Description,
            ModelDescription = ModelText.Describe(model),
            Examples = "series",
            Start = [("series", data.Training.Count), ("validation_series", data.Validation.Count),
                ("test_series", data.Test.Count), ("labels", data.Labels), ("channels", data.Channels),
                ("model", ModelText.Title(model.Options))],
            Unit = "series",
            PerStep = task.TokensPerBatch,
            Title = $"{ModelText.Title(model.Options)} on {data.Name}",
            LossUnit = "series",
            Colour = ModelText.ColourOf(model),
            EvaluationName = "validation_accuracy",
            Describe = _ => task.LastScore is { } last
                ? $"validation {last.Loss:0.000}, accuracy {Show.Percent(last.Accuracy)}"
                : "",
            Details = _ => task.LastScore is { } last ? [("validation_loss", last.Loss)] : [],
        }.Run(context.Cancellation);
        return report is null ? null : (report, settings.Configuration);
    }

    /// <summary>Trains a model on all series for all steps, of which the last weights are kept; nothing is chosen.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">The options of the run.</param>
    /// <param name="series">The series.</param>
    /// <param name="cancellation">Stops early.</param>
    /// <returns>False if training was stopped.</returns>
    public static bool RunToTheEnd(SeriesClassifier model, TrainOptions options, IReadOnlyList<LabelledSeries> series,
        CancellationToken cancellation)
    {
        using var task = new SeriesClassifierTask(model, series, series, options.Batch, ~options.Seed);
        using var optimizer = options.NewOptimizer(model);
        var settings = options.NewTrainerOptions("") with { Folder = null, RestoreBest = false, EvaluateEvery = 0 };
        var result = new Trainer(task, optimizer, settings, options.NewSchedule()).Run(cancellation);
        model.Evaluate();
        return result.End != TrainingEnd.Cancelled;
    }
}
