using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.TagWords;

/// <summary>Trains a tagger so that people can follow it.</summary>
internal static class Training
{
    /// <summary>Makes the task of a run: it draws sentences of similar length, and evaluates on those for validation.</summary>
    public static TextTaggerTask NewTask(TextTagger model, TrainOptions options, TagData data) =>
        new(model, data.Training, data.Validation, options.Batch, ~options.Seed) { EvaluatesAccuracy = !options.ChoosesByLoss };

    /// <summary>Trains a model, which then has the weights of its best evaluation.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">The options of the run.</param>
    /// <param name="data">The sentences.</param>
    /// <param name="recorded">What else is recorded of the data.</param>
    /// <param name="folder">The folder of the run.</param>
    /// <param name="machine">The device that computes.</param>
    /// <param name="context">The console and cancellation.</param>
    /// <returns>The report and the recorded configuration; null if training was stopped, which has been shown.</returns>
    public static (TrainingReport Report, IReadOnlyDictionary<string, string> Configuration)? Run(TextTagger model,
        TrainOptions options, TagData data, IEnumerable<(string Name, object? Value)> recorded, string folder, Machine machine,
        Context context)
    {
        // Each step of the trainer draws sentences of similar length, records their loss on a tape, back-propagates, clips and
        // updates; it evaluates on the sentences for validation now and then, and saves checkpoints from which --resume
        // continues.
        using var task = NewTask(model, options, data);
        using var optimizer = options.NewOptimizer(model);
        var settings = options.NewTrainerOptions(folder,
            [("data", data.Name), ("sentences", data.Training.Count), ("choose_by", options.ChoosesByLoss ? "loss" : "score"),
                .. options.Recorded, .. recorded]);
        var trainer = new Trainer(task, optimizer, settings, options.NewSchedule());
        var hasSpans = TagScheme.HasSpans(data.Tags);
        var part = options.Refits ? "training" : "validation";
        var score = $"{part}_{(hasSpans ? "f1" : "accuracy")}";
        var report = new WatchedTraining(trainer, model, options, folder, machine, context.Terminal)
        {
            Heading = "SeqCore tagging",
            Data = data.Name,
            DataDescription = data.Description,
            ModelDescription = ModelText.Describe(model),
            Examples = "sentences",
            Start = [("sentences", data.Training.Count), ("validation_sentences", data.Validation.Count),
                ("test_sentences", data.Test.Count), ("tags", data.Tags), ("model", ModelText.Title(model.Options))],
            Unit = "sentences",
            PerStep = task.TokensPerBatch,
            Title = $"{ModelText.Title(model.Options)} on {data.Name}",
            LossUnit = model.Options.HasCrf ? "sentence" : "word",
            Colour = ModelText.ColourOf(model),
            EvaluationName = options.ChoosesByLoss ? "validation_loss" : score,
            Describe = _ => task.LastScore is { } last
                ? $"{part} {last.Loss:0.000}, {(hasSpans ? $"F1 {Show.Percent(last.SpanF1!.Value)}, " : "")}"
                    + $"accuracy {Show.Percent(last.Accuracy)}"
                : "",
            Details = _ => task.LastScore is not { } last
                ? []
                : [options.ChoosesByLoss ? (score, last.SpanF1 ?? last.Accuracy) : ($"{part}_loss", last.Loss),
                    .. hasSpans ? new (string, object?)[] { ($"{part}_accuracy", last.Accuracy) } : []],
        }.Run(context.Cancellation);
        return report is null ? null : (report, settings.Configuration);
    }
}
