using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.Summarize;

/// <summary>A model and its training on examples.</summary>
internal sealed class SummaryTraining : IDisposable
{
    private readonly TrainOptions options;
    private readonly (int[] Source, int[] Target)[] training;
    private readonly (int[] Source, int[] Target)[] validation;
    private readonly string folder;
    private readonly bool isOwn;
    private readonly int cut, tests;

    /// <summary>Prepares the training.</summary>
    /// <param name="options">The options of model and training.</param>
    /// <param name="corpus">The examples.</param>
    /// <param name="start">The model that training starts from; null for a new one.</param>
    /// <param name="random">Draws the initial weights and the masks of dropout.</param>
    /// <param name="folder">The folder of the run.</param>
    /// <param name="cancellation">Stops early.</param>
    public SummaryTraining(TrainOptions options, SummaryCorpus corpus, RecurrentEncoderDecoder? start, RandomGenerator random,
        string folder, CancellationToken cancellation)
    {
        this.folder = folder;
        var limits = options.Limits;
        if (limits.IsLowercase)
            corpus = corpus.Lowercase();

        // Tokens: byte pairs that texts and summaries share, so that every word can be copied piece by piece.
        var tokenizer = start?.SourceTokenizer ?? options.NewTokenizer(corpus.Training, cancellation);
        this.options = options = start is null ? options : options with { Recurrent = start.Options };
        tests = corpus.Test.Count;
        (training, validation) = (Encode(corpus.Training), Encode(corpus.Validation));
        cut = corpus.Training.Count(e => tokenizer.Encode(e.Source).Length > limits.Text);
        options.CheckMemory(tokenizer.Count, training);

        // Model: an encoder reads the text in both directions; a decoder attends to it, and generates or copies each token.
        Model = start ?? options.NewModel(tokenizer, random);
        isOwn = start is null;

        (int[] Source, int[] Target)[] Encode(IReadOnlyList<Example> examples) =>
            [.. examples.Select(e => (limits.Source(tokenizer.Encode(e.Source)), limits.Target(tokenizer.Encode(e.Summary))))];
    }

    /// <summary>The model.</summary>
    public RecurrentEncoderDecoder Model { get; }

    /// <summary>
    /// Trains: each step draws texts of similar length, records the loss of the summaries' tokens on a tape, back-propagates,
    /// clips and updates; now and then it evaluates on the examples for validation, and saves a checkpoint.
    /// </summary>
    /// <returns>The report and the recorded configuration; null if training was stopped, which has been shown.</returns>
    public (TrainingReport Report, IReadOnlyDictionary<string, string> Configuration)? Run(string name,
        IEnumerable<(string Name, object? Value)> configuration, Machine machine, Terminal terminal,
        CancellationToken cancellation)
    {
        using var task = new SequencePairTask(Model,
            new SequencePairBatches(new SequencePairs(training), options.Batch, ~options.Seed), new SequencePairs(validation))
        {
            LabelSmoothing = options.LabelSmoothing,
            EvaluationBatchSize = options.EvaluationBatch(Model.TargetVocabularySize),
        };
        using var optimizer = options.NewOptimizer(Model);
        var settings = options.NewTrainerOptions(folder, [("data", name), .. configuration, ("text_length", options.Limits.Text),
            ("summary_length", options.Limits.Summary), ("lowercase", options.Limits.IsLowercase),
            ("label_smoothing", options.LabelSmoothing), (Summarizer.PenaltyEntry, options.LengthPenalty)]);
        var trainer = new Trainer(task, optimizer, settings, options.NewSchedule());
        var report = new WatchedTraining(trainer, Model, options, folder, machine, terminal)
        {
            Heading = "SeqCore summaries",
            Data = name,
            DataDescription = $"{Show.Count(training.Length)} texts with summaries, {Show.Count(validation.Length)} more for"
                + $" validation, {Show.Count(tests)} for tests"
                + $"{(cut > 0 ? $"; {Show.Count(cut)} texts cut after {options.Limits.Text} tokens" : "")}",
            ModelDescription = ModelText.Describe(Model.Options),
            Examples = "texts",
            Start = [("texts", training.Length), ("validation_texts", validation.Length), ("copies", Model.Options.Copies)],
            Unit = "texts",
            PerStep = task.TokensPerBatch,
            Title = $"{ModelText.Name(Model.Options.Kind).ToUpperInvariant()} on {name}",
            LossUnit = "token",
            Colour = Enum.Parse<ModelColour>(Model.Options.Kind.ToString()),
        }.Run(cancellation);
        return report is null ? null : (report, settings.Configuration);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (isOwn)
            Model.Dispose();
    }
}
