using System.CommandLine;
using System.Globalization;
using SeqCore.Models;
using SeqCore.Samples.CharLanguageModel.Tunes;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.CharLanguageModel;

/// <summary>
/// Trains a model on a text. The program without a command does the same, with smaller defaults and in its own folder.
/// </summary>
internal sealed class TrainCommand(bool isDemonstration) : MachineCommand
{
    /// <summary>The last of the tunes that are written until one adds up.</summary>
    private const int LastAttempt = 2;

    /// <summary>Characters of the text that show whether it is ABC notation.</summary>
    private const int Glance = 20_000;

    private readonly TextOptions data = new();
    private readonly TrainOptions defaults = new();

    /// <inheritdoc/>
    protected override void AddTo(Command command)
    {
        data.AddTo(command);
        defaults.AddTo(command);
        new SamplingOptions().AddTo(command);
    }

    /// <inheritdoc/>
    protected override void Run(ParseResult result, Context context, Machine machine)
    {
        var (options, sampling, terminal) = (defaults.Read(result), SamplingOptions.Read(result), context.Terminal);
        var random = new RandomGenerator(options.Seed);
        using var start = Runs.Start(options.From, ModelText.FileKinds, file => ModelText.Load(file, random), data, result,
            terminal);
        var name = data.Name(result);
        var folder = Runs.Choose(options, isDemonstration ? "demo" : $"{options.Model}-{name}", ModelText.FileKinds);

        // Data: the characters of a text, the last tenth of them for validation.
        var corpus = data.Load(result, start?.Tokenizer, terminal, context.Cancellation);
        options.For(start).CheckMemory(corpus.Tokenizer.Count);
        if (options.Sequence > start?.MaximumLength)
        {
            throw new UserException($"--sequence should be at most {start.MaximumLength},"
                + $" as many characters as the model of --from can look back on; got {options.Sequence}.", isUsage: true);
        }

        TokenBatchSource batches = options.Windows == "stream"
            ? new ContiguousStreams(corpus.Training, options.Batch, options.Sequence)
            : new RandomWindows(corpus.Training, options.Batch, options.Sequence, new RandomGenerator(~options.Seed));

        // Model: recurrent layers or a Transformer, which predict the character that comes next.
        using var made = start is null ? options.NewModel(corpus.Tokenizer, random) : null;
        var model = start ?? made!;
        var author = new Author(model, sampling, options.Seed);
        author.EncodePrompt();

        // Training: each step of the trainer draws a batch, records the loss on a tape, back-propagates, clips and updates; it
        // evaluates on the validation part now and then, and saves checkpoints from which --resume continues.
        using var task = new LanguageModelTask(model, batches, new TokenWindows(corpus.Validation, options.Sequence))
        {
            EvaluationBatchSize = options.For(start).EvaluationBatch(corpus.Tokenizer.Count),
        };
        using var optimizer = options.NewOptimizer(model);
        var trainer = new Trainer(task, optimizer,
            options.NewTrainerOptions(folder, ("data", name), ("characters", corpus.Tokens.Length),
                ("sequence", options.Sequence), ("windows", options.Windows)) with
            {
                LogLayersEvery = options.LogLayers,
            },
            options.NewSchedule());
        LayersLogged? layers = null;
        trainer.LayersLogged += (_, logged) => layers = logged;
        var report = new WatchedTraining(trainer, model, options, folder, machine, terminal)
        {
            Heading = "SeqCore character language model",
            Data = name,
            DataDescription = $"{Show.Count(corpus.Tokens.Length)} characters, the last tenth for validation",
            ModelDescription = ModelText.Describe(model),
            Examples = $"windows of {options.Sequence} characters",
            Start = [("characters", corpus.Tokens.Length), ("vocabulary", model.VocabularySize),
                ("model", ModelText.NameOf(model))],
            Unit = "characters",
            PerStep = task.TokensPerBatch,
            Title = $"{ModelText.NameOf(model).ToUpperInvariant()} on {name}",
            LossUnit = "character",
            Colour = ModelText.ColourOf(model),
            Details = evaluation => [("bits_per_character", evaluation.Loss / Math.Log(2))],
        }.Run(context.Cancellation);
        if (report is null)
            return;

        // Evaluation: the loss, and what the model writes.
        var loss = report.ValidationLoss;
        terminal.Line();
        terminal.Heading(ModelText.Describe(loss));
        report.Print(terminal);
        PrintLayers(layers, terminal);
        var isAbc =
            AbcChecker.LooksLikeAbc(corpus.Tokenizer.Decode(corpus.Tokens.Span[..Math.Min(Glance, corpus.Tokens.Length)]));
        var tunes = isAbc ? TuneReport.Of(author) : null;
        if (tunes is not null)
            terminal.Pair("tunes", tunes.Description);
        var sample = WriteSample(author, isAbc, sampling.Length, terminal, context.Cancellation);
        terminal.Result([("event", "result"), .. report.Values("characters"), ("bits_per_character", loss / Math.Log(2)),
            ("perplexity", Math.Exp(loss)), ("sample", sample), ("abc", tunes?.Values)]);
        if (isDemonstration)
            context.TellMore("-- generate for another tune, -- train for a text of your own");
    }

    // A tune that does not add up is shown with its verdict, and followed by another.
    private static string WriteSample(Author author, bool isAbc, int? length, Terminal terminal, CancellationToken cancellation)
    {
        for (var attempt = 0; ; attempt++)
        {
            terminal.Line();
            terminal.Heading(attempt > 0 ? "Another try:" : isAbc ? "A new tune, written character by character:" : "A sample:");
            terminal.Line();
            var sample = author.Write(length, isAbc, terminal.Messages, attempt, cancellation);
            if (!isAbc || length is not null || author.IsDeterministic || cancellation.IsCancellationRequested)
                return sample;
            terminal.Line(TuneReport.Sentence(sample));
            if (attempt == LastAttempt || AbcChecker.Check(sample.Trim('\n')).AddsUp)
                return sample;
        }
    }

    /// <summary>Shows how a step changed each layer; nothing where nothing was logged.</summary>
    private static void PrintLayers(LayersLogged? layers, Terminal terminal)
    {
        if (layers is not { } logged)
            return;
        terminal.Pair("layers", $"at iteration {Show.Count(logged.Step)}; all records are in metrics.jsonl");
        foreach (var line in new Table("", ["parameter", "gradient norm", "weight norm", "update / weight"],
            [.. logged.Parameters.Select(p => (Cell[])
                [p.Name, Number(p.GradientNorm), Number(p.WeightNorm), Number(p.UpdateRatio)])]).Lines())
            terminal.Line(line);

        static string Number(double value) =>
            double.IsFinite(value) ? value.ToString("0.00e+0", CultureInfo.InvariantCulture) : "-";
    }
}
