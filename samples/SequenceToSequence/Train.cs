using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.SequenceToSequence;

/// <summary>
/// Trains a model on pairs. The program without a command does the same, with smaller defaults and in its own folder.
/// </summary>
internal sealed class TrainCommand(bool isDemonstration) : MachineCommand
{
    private const int MostJudged = 200, Shown = 6, OnPage = 4;

    private readonly PairOptions data = new();
    private readonly TrainOptions defaults = new();

    /// <inheritdoc/>
    protected override void AddTo(Command command)
    {
        data.AddTo(command);
        defaults.AddTo(command);
        Translator.AddTo(command);
    }

    /// <inheritdoc/>
    protected override void Run(ParseResult result, Context context, Machine machine)
    {
        var terminal = context.Terminal;
        data.Name(result);
        var options = Presets.For(data.Set(result), result.Given<string?>("--model", null), defaults).Read(result);
        var random = new RandomGenerator(options.Seed);
        using var start = Runs.Start(options.From, ModelText.FileKinds, file => ModelText.Load(file, random), data, result,
            terminal);
        var name = data.Name(result);
        var folder = Runs.Choose(options, isDemonstration ? "translation-demo" : $"{options.Model}-{name}",
            ModelText.FileKinds);

        // Data: pairs of texts as words, parts of words or characters; no source is both in training and in validation.
        var corpus = data.Load(result, terminal, context.Cancellation);
        var level = options.Level == "auto" ? data.LevelOf(result, corpus) : options.Level;
        var vocabularies = start is null
            ? Vocabularies.Of(corpus.Training, level, options.Vocabulary, !options.SeparateVocabularies)
            : ModelText.VocabulariesOf(start);
        var training = vocabularies.Encode(corpus.Training, options.Sequence);
        var validation = vocabularies.Encode(corpus.Validation, options.Sequence);
        var leftOut = corpus.Training.Count + corpus.Validation.Count - training.Length - validation.Length;
        if (options.Sequence > start?.MaximumLength)
        {
            throw new UserException($"--sequence should be at most {start.MaximumLength},"
                + $" as many tokens as the model of --from can read; got {options.Sequence}.", isUsage: true);
        }

        options.For(start).CheckMemory(vocabularies, training);

        // Model: an encoder reads the source, and a decoder writes the target token by token.
        using var made = start is null ? options.NewModel(vocabularies, random) : null;
        var model = start ?? made!;
        ModelText.CheckAttention(ModelText.Attends(model), options.Attention);

        // Training: each step of the trainer draws pairs of similar length, records the loss of the target's tokens on a tape,
        // back-propagates, clips and updates; it evaluates on the pairs for validation now and then, and saves checkpoints from
        // which --resume continues.
        using var task = new SequencePairTask(model,
            new SequencePairBatches(new SequencePairs(training), options.Batch, ~options.Seed), new SequencePairs(validation))
        {
            LabelSmoothing = options.LabelSmoothing,
            EvaluationBatchSize = options.For(model).EvaluationBatch(vocabularies.Target.Count),
        };
        using var optimizer = options.NewOptimizer(model);
        var trainerOptions = options.NewTrainerOptions(folder, ("data", name), ("pairs", training.Length),
            ("sequence", options.Sequence), ("label_smoothing", options.LabelSmoothing),
            (PairOptions.ReverseEntry, data.IsReversed(result) ? true : null),
            (PairOptions.FileHashEntry, data.FileHash(result)));
        var trainer = new Trainer(task, optimizer, trainerOptions with { AverageCheckpoints = options.Average },
            options.NewSchedule());
        var report = new WatchedTraining(trainer, model, options, folder, machine, terminal)
        {
            Heading = "SeqCore sequence to sequence",
            Data = name,
            DataDescription = $"{Show.Count(training.Length)} pairs, {Show.Count(validation.Length)} more for validation;"
                + $" tokens: {vocabularies.Units}{(start is null && options.Level == "auto" ? " (chosen by --level auto)" : "")}"
                + (leftOut > 0 ? $"; {Show.Count(leftOut)} with more than {options.Sequence} tokens left out" : ""),
            ModelDescription = ModelText.Describe(model),
            Examples = "pairs",
            Start = [("pairs", training.Length), ("validation_pairs", validation.Length), ("level", vocabularies.Units),
                ("model", ModelText.NameOf(model)), ("attention_kind",
                    model is RecurrentEncoderDecoder recurrent ? ModelText.AttentionOf(recurrent.Options) : null)],
            Unit = "pairs",
            PerStep = task.TokensPerBatch,
            Title = $"{ModelText.Title(model)} on {name}",
            LossUnit = vocabularies.Unit,
            Colour = ModelText.ColourOf(model),
        }.Run(context.Cancellation);
        if (report is null)
            return;

        // Evaluation: how many unseen sources are translated correctly, and where the model looked.
        var examination = Translator.From(result, model).Examine(vocabularies.Readable(corpus.Validation, options.Sequence),
            MostJudged, context.Cancellation);
        var score = examination.Exact(vocabularies);
        var texts = vocabularies.HaveWords ? examination.Texts() : null;
        terminal.Line();
        terminal.Heading($"{Show.Share(score.Right, score.Count)} of {score.Count} unseen translations are right");
        terminal.Pair("validation loss", $"{Show.Loss(report.ValidationLoss)} nats per {vocabularies.Unit}");
        report.Print(terminal);
        if (texts is not null)
        {
            terminal.Pair("BLEU", Invariant($"{texts.Bleu:0.00} for these translations"));
            ScoreText.PrintSignatures([TextScores.Signatures[0]], terminal);
        }

        if (report.Result.AveragedLoss is { } averaged)
            terminal.Pair("average", $"of {options.Average} checkpoints: validation loss {Show.Loss(averaged)}");
        Alignment[] alignments = [.. examination.Sources.Take(OnPage).Select(s => Alignment.Of(model, s.Translation))];
        var page = Alignment.WritePage(options.Attention ?? Path.Combine(folder, "attention.html"), model, alignments);
        if (page is not null)
            terminal.Pair("attention", page);
        terminal.Line();
        foreach (var (source, _, translation) in examination.Sources.Take(Shown))
            terminal.Line($"  {WeightedText.Plain(source)}  ->  {TranslateCommand.Shown(translation.Text)}");
        PrintAlignment(alignments.MaxBy(a => a.Source.Count)!, terminal);
        terminal.Result([("event", "result"), .. report.Values("pairs"), ("exact", score.Share), ("judged", score.Count),
            ("attention", page), .. ScoreText.Values(texts)]);
        if (isDemonstration)
            context.TellMore("-- translate \"Monday, 7 May 2001\" for a date of your own, -- train for other pairs");
    }

    private static void PrintAlignment(Alignment alignment, Terminal terminal)
    {
        if (alignment.Layers.Count == 0)
            return;
        terminal.Line();
        terminal.Line("Where the model looked as it wrote one of them, one line per token:");
        terminal.Line();
        foreach (var line in alignment.Lines())
            terminal.Line($"  {line}");
    }
}
