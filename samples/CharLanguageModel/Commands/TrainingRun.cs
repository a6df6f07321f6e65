using SeqCore.Models;
using SeqCore.Samples.CharLanguageModel.Tunes;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.CharLanguageModel.Commands;

/// <summary>Trains a model on a text, shows how it goes, and reports what it learned.</summary>
internal sealed class TrainingRun(TrainingSettings settings, SamplingSettings sampling, TextCorpus corpus, string dataName,
    string folder, Terminal terminal)
{
    /// <summary>Tunes are written until one adds up, but not more than three.</summary>
    private const int LastAttempt = 2;

    /// <summary>Characters of the text that tell whether it is ABC notation.</summary>
    private const int Glance = 20_000;

    /// <summary>Whether the text is ABC notation.</summary>
    private bool IsAbc =>
        AbcChecker.LooksLikeAbc(corpus.Tokenizer.Decode(corpus.Tokens.Span[..Math.Min(Glance, corpus.Tokens.Length)]));

    /// <summary>Trains, reports, writes a sample.</summary>
    /// <param name="start">The model to start from; null for a new one.</param>
    /// <param name="random">Draws the initial weights and the masks of dropout.</param>
    /// <param name="machine">For people.</param>
    /// <param name="cancellation">Saves and ends.</param>
    public void Execute(LanguageModel? start, RandomGenerator random, string machine, CancellationToken cancellation)
    {
        var run = settings.Run;
        var sizes = settings.For(start);
        MemoryEstimate.Check(sizes, corpus.Tokenizer.Count);
        if (settings.Sequence > start?.MaximumLength)
        {
            throw new UserException($"--sequence should be at most {start.MaximumLength},"
                + $" as many characters as the model of --from can look back on; got {settings.Sequence}.", isUsage: true);
        }

        using var made = start is null ? settings.NewModel(corpus.Tokenizer, random) : null;
        var model = start ?? made!;
        var author = new Author(model, sampling, run.Seed);
        author.EncodePrompt();
        using var task = new LanguageModelTask(model, Batches(), new TokenWindows(corpus.Validation, settings.Sequence))
        {
            EvaluationBatchSize = sizes.EvaluationBatch(corpus.Tokenizer.Count),
        };
        using var optimizer = run.NewOptimizer(model);
        var trainer = new Trainer(task, optimizer,
            run.NewOptions(folder, Configuration()) with { LogLayersEvery = settings.LogLayers }, run.NewSchedule());
        LayersLogged? lastLayers = null;
        trainer.LayersLogged += (_, layers) => lastLayers = layers;
        var watched = new WatchedTraining(trainer, run, folder, terminal)
        {
            Unit = "characters",
            PerStep = task.TokensPerBatch,
            Title = $"{ModelText.NameOf(model).ToUpperInvariant()} on {dataName}",
            LossUnit = "character",
            Details = evaluation => [("bits_per_character", Bits(evaluation.Loss))],
        };
        if (watched.Run(() => Introduce(model, machine), cancellation) is not { } report)
            return;
        model.Evaluate();
        Conclude(report, lastLayers, author, cancellation);
    }

    private TokenBatchSource Batches() => settings.Windows == "stream"
        ? new ContiguousStreams(corpus.Training, settings.Run.Batch, settings.Sequence)
        : new RandomWindows(corpus.Training, settings.Run.Batch, settings.Sequence, new RandomGenerator(~settings.Run.Seed));

    private Dictionary<string, string> Configuration() => new()
    {
        ["data"] = dataName,
        ["characters"] = RunSettings.Text(corpus.Tokens.Length),
        ["sequence"] = RunSettings.Text(settings.Sequence),
        ["windows"] = settings.Windows,
        ["from"] = Runs.NameOf(settings.From),
    };

    private void Introduce(LanguageModel model, string machine)
    {
        terminal.Heading("SeqCore character language model");
        terminal.Pair("data", $"{dataName}: {Show.Count(corpus.Tokens.Length)} characters, the last tenth for validation");
        terminal.Pair("model", $"{ModelText.Describe(model)}: {Show.Count(model.ParameterCount)} parameters");
        terminal.Pair("training", $"{Show.Count(settings.Run.Iterations)} iterations of {settings.Run.Batch} windows of"
            + $" {settings.Sequence} characters");
        terminal.Pair("machine", machine);
        terminal.Pair("folder", folder);
        terminal.Line();
        terminal.Result(("event", "start"), ("data", dataName), ("characters", corpus.Tokens.Length),
            ("vocabulary", model.VocabularySize),
            ("model", ModelText.NameOf(model)), ("parameters", model.ParameterCount), ("iterations", settings.Run.Iterations),
            ("machine", machine), ("out", folder));
    }

    private void Conclude(TrainingReport report, LayersLogged? layers, Author author, CancellationToken cancellation)
    {
        var loss = report.ValidationLoss;
        terminal.Line();
        terminal.Heading($"Validation loss {Show.Loss(loss)} nats per character: {Show.Loss(Bits(loss))} bits,"
            + $" perplexity {Show.Loss(Math.Exp(loss))}");
        report.Tell(terminal);
        LayerTable.Write(layers, terminal);
        var tunes = IsAbc ? TuneReport.Of(author) : null;
        if (tunes is not null)
            terminal.Pair("tunes", tunes.Description);
        var sample = WriteSample(author, cancellation);
        terminal.Result([("event", "result"), .. report.Values("characters"), ("bits_per_character", Bits(loss)),
            ("perplexity", Math.Exp(loss)), ("sample", sample), ("abc", tunes?.Values)]);
    }

    // A tune that does not add up is shown with its verdict, and followed by another.
    private string WriteSample(Author author, CancellationToken cancellation)
    {
        var isTune = IsAbc && sampling.Length is null;
        for (var attempt = 0; ; attempt++)
        {
            terminal.Line();
            terminal.Heading(attempt > 0 ? "Another try:" : IsAbc ? "A new tune, written character by character:" : "A sample:");
            terminal.Line();
            var sample = Sample.Write(author, sampling.Length, IsAbc, terminal.Messages, attempt, cancellation);
            if (!isTune || author.IsDeterministic || cancellation.IsCancellationRequested)
                return sample;
            terminal.Line(TuneReport.Sentence(sample));
            if (attempt == LastAttempt || AbcChecker.Check(sample.Trim('\n')).AddsUp)
                return sample;
        }
    }

    private static double Bits(double nats) => nats / Math.Log(2);
}
