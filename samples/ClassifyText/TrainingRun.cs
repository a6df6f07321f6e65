using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.ClassifyText;

/// <summary>Trains a classifier so that people can follow it.</summary>
internal static class TrainingRun
{
    /// <summary>
    /// The names under which the configuration of a run records the file of its texts, and whether it was trained on those for
    /// validation.
    /// </summary>
    public const string FileHash = SplitDataOptions.FileHashName, Refit = "refit";

    /// <summary>What the texts for validation are to a run.</summary>
    public static string ValidationPart(bool isRefit) => isRefit ? "training" : "validation";

    /// <summary>Trains a model, which then has the weights of its best evaluation.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">The options of the run.</param>
    /// <param name="data">The texts.</param>
    /// <param name="splitSeed">The seed of the split, which is recorded.</param>
    /// <param name="folder">The folder of the run.</param>
    /// <param name="machine">The device that computes.</param>
    /// <param name="context">The console and cancellation.</param>
    /// <returns>The report and the recorded configuration; null if training was stopped, which has been shown.</returns>
    public static (TrainingReport Report, IReadOnlyDictionary<string, string> Configuration)? Run(TextClassifier model,
        TrainOptions options, LabelledData data, ulong splitSeed, string folder, Machine machine, Context context)
    {
        // Each step of the trainer draws texts of similar length, records their loss on a tape, back-propagates, clips and
        // updates; it evaluates on the texts for validation now and then, and saves checkpoints from which --resume continues.
        using var task = new TextClassifierTask(model, data.Training, data.Validation, options.Batch, ~options.Seed)
        {
            EvaluatesAccuracy = !options.ChoosesByLoss,
        };
        var several = model.Options.IsMultiLabel;
        var chosenBy = options.ChoosesByLoss ? "loss" : several ? "micro_f1" : "accuracy";
        using var optimizer = options.NewOptimizer(model);
        var settings = options.NewTrainerOptions(folder, ("data", data.Name), ("texts", data.Training.Count),
            (SplitDataOptions.SplitSeedName, data.Corpus.IsSplit ? splitSeed : null), (FileHash, data.FileHash),
            ("choose_by", chosenBy), (Refit, options.IsRefit ? true : null));

        // With --refit one evaluation is left, that of the last weights, so that nothing can be chosen.
        if (options.IsRefit)
            settings = settings with { EvaluateEvery = 0, Patience = null };
        var part = ValidationPart(options.IsRefit);
        var trainer = new Trainer(task, optimizer, settings, options.NewSchedule());
        var report = new WatchedTraining(trainer, model, options, folder, machine, context.Terminal)
        {
            Heading = "SeqCore text classification",
            Data = data.Name,
            DataDescription = Describe(data, model),
            ModelDescription = ModelText.Describe(model),
            Examples = "texts",
            Start = [("texts", data.Training.Count), ("validation_texts", data.Validation.Count), ("test_texts", data.Test.Count),
                ("labels", data.Labels), ("model", ModelText.NameOf(model.Options.Encoder.Kind))],
            Unit = "texts",
            PerStep = task.TokensPerBatch,
            Title = $"{ModelText.Title(model)} on {data.Name}",
            LossUnit = "text",
            Colour = ModelText.ColourOf(model),
            EvaluationName = $"{part}_{chosenBy}",
            Describe = _ => task.LastScore is { } score
                ? $"{part} {score.Loss:0.000}, {(several ? "micro F1" : "accuracy")}"
                    + $" {Show.Percent(score.MicroF1 ?? score.Accuracy)}"
                : "",
            Details = _ => task.LastScore is { } score ? Others(score) : [],
        }.Run(context.Cancellation);
        return report is null ? null : (report, settings.Configuration);

        // The scores that are not the evaluation itself.
        IEnumerable<(string Name, object? Value)> Others(ClassificationScore score) => new (string Name, object? Value)[]
        {
            ("loss", score.Loss), ("accuracy", score.Accuracy), ("micro_f1", score.MicroF1),
        }.Where(s => s.Name != chosenBy && s.Value is not null).Select(s => ($"{part}_{s.Name}", s.Value));
    }

    private static string Describe(LabelledData data, TextClassifier model)
    {
        var most = model.Options.MaximumLength;
        var cut = data.Training.Count(t => t.Text.Length > most && model.Tokenizer.Encode(t.Text).Length > most);
        return $"{Show.Count(data.Training.Count)} texts, {Show.Count(data.Validation.Count)} more for validation,"
            + $" {Show.Count(data.Test.Count)} for tests; {Show.Number(data.Labels.Count, "label")}"
            + (cut > 0 ? $"; {Show.Count(cut)} cut to {most} {ModelText.TokensOf(model.Tokenizer)}" : "");
    }
}
