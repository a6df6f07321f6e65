using SeqCore.Models;
using SeqCore.Samples.Common;
using SeqCore.Samples.SequenceToSequence.Data;
using SeqCore.Samples.SequenceToSequence.Translation;

namespace SeqCore.Samples.SequenceToSequence.Commands;

/// <summary>Trains a model on pairs, shows how it goes, and lets it translate.</summary>
internal sealed class TrainingRun(TrainingSettings settings, DecodingSettings decoding, PairCorpus corpus,
    Vocabularies vocabularies, string dataName, string folder, Terminal terminal)
{
    private const int MostJudged = 200, Shown = 6, OnPage = 4;

    private readonly (int[] Source, int[] Target)[] training = vocabularies.Encode(corpus.Training, settings.Sequence);
    private readonly (int[] Source, int[] Target)[] validation = vocabularies.Encode(corpus.Validation, settings.Sequence);

    /// <summary>Trains, reports, translates.</summary>
    /// <param name="start">The model to start from; null for a new one.</param>
    /// <param name="random">Draws the initial weights and the masks of dropout.</param>
    /// <param name="machine">For people.</param>
    /// <param name="cancellation">Saves and ends.</param>
    public void Execute(EncoderDecoderModel? start, RandomGenerator random, string machine, CancellationToken cancellation)
    {
        var run = settings.Run;
        if (settings.Sequence > start?.MaximumLength)
        {
            throw new UserException($"--sequence should be at most {start.MaximumLength},"
                + $" as many tokens as the model of --from can read; got {settings.Sequence}.", isUsage: true);
        }

        MemoryEstimate.Check(settings.For(start), vocabularies, training);
        ModelText.CheckAttention(start is null
            ? settings.Transformer is not null || settings.Recurrent.Attention != AttentionScore.None
            : ModelText.Attends(start), settings.Attention);
        using var made = start is null ? settings.NewModel(vocabularies, random) : null;
        var model = start ?? made!;
        var batches = new SequencePairBatches(new SequencePairs(training), run.Batch, ~run.Seed);
        using var task = new SequencePairTask(model, batches, new SequencePairs(validation))
        {
            LabelSmoothing = settings.LabelSmoothing,
            EvaluationBatchSize = WorkspaceSize.EvaluationBatch(run.Batch,
                (double)settings.Sequence * Math.Max(vocabularies.Target.Count, 6 * settings.For(model).Width)),
        };
        using var optimizer = run.NewOptimizer(model);
        var watched = new WatchedTraining(
            new Trainer(task, optimizer, run.NewOptions(folder, Configuration()), run.NewSchedule()), run, folder, terminal)
        {
            Unit = "pairs",
            PerStep = task.TokensPerBatch,
            Title = $"{ModelText.Title(model)} on {dataName}",
            LossUnit = vocabularies.Level[..^1],
        };
        if (watched.Run(() => Introduce(model, machine), cancellation) is not { } report)
            return;
        model.Evaluate();
        Conclude(model, report, cancellation);
    }

    private Dictionary<string, string> Configuration() => new()
    {
        ["sequence"] = RunSettings.Text(settings.Sequence),
        ["from"] = Runs.NameOf(settings.From),
        ["data"] = dataName,
        ["pairs"] = RunSettings.Text(training.Length),
        ["label_smoothing"] = RunSettings.Text(settings.LabelSmoothing),
    };

    private void Introduce(EncoderDecoderModel model, string machine)
    {
        var leftOut = corpus.Training.Count + corpus.Validation.Count - training.Length - validation.Length;
        terminal.Heading("SeqCore sequence to sequence");
        terminal.Pair("data", $"{dataName}: {Show.Count(training.Length)} pairs of {vocabularies.Level},"
            + $" {Show.Count(validation.Length)} more for validation"
            + (leftOut > 0 ? $"; {Show.Count(leftOut)} with more than {settings.Sequence} tokens left out" : ""));
        terminal.Pair("model", $"{ModelText.Describe(model)}: {Show.Count(model.ParameterCount)} parameters");
        terminal.Pair("training", $"{Show.Count(settings.Run.Iterations)} iterations of {settings.Run.Batch} pairs");
        terminal.Pair("machine", machine);
        terminal.Pair("folder", folder);
        terminal.Line();
        terminal.Result(("event", "start"), ("data", dataName), ("pairs", training.Length),
            ("validation_pairs", validation.Length), ("level", vocabularies.Level),
            ("model", ModelText.NameOf(model)), ("attention_kind", model is RecurrentEncoderDecoder recurrent
                ? ModelText.AttentionOf(recurrent.Options)
                : null), ("parameters", model.ParameterCount), ("iterations", settings.Run.Iterations),
            ("machine", machine), ("out", folder));
    }

    private void Conclude(EncoderDecoderModel model, TrainingReport report, CancellationToken cancellation)
    {
        var (score, translations) = Judge.Examine(new Translator(model, settings.Sequence, decoding), validation,
            MostJudged, cancellation);
        terminal.Line();
        terminal.Heading($"{Show.Share(score.Right, score.Count)} of {score.Count} unseen translations are right;"
            + $" validation loss {Show.Loss(report.ValidationLoss)} nats per {vocabularies.Level[..^1]}");
        report.Tell(terminal);
        Alignment[] alignments = [.. translations.Take(OnPage).Select(t => Alignment.Of(model, t.Source, t.Translated))];
        var page = AlignmentPage.Write(settings.Attention ?? Path.Combine(folder, "attention.html"), model, alignments);
        if (page is not null)
            terminal.Pair("attention", page);
        terminal.Line();
        foreach (var (source, translated) in translations.Take(Shown))
            terminal.Line($"  {vocabularies.Source.Decode(source)}  ->  {translated.Text}");
        TellAlignment(alignments.MaxBy(a => a.Source.Count)!);
        terminal.Result([("event", "result"), .. report.Values("pairs"), ("exact", score.Share), ("judged", score.Count),
            ("attention", page)]);
    }

    private void TellAlignment(Alignment alignment)
    {
        if (alignment.Layers.Count == 0)
            return;
        terminal.Line();
        terminal.Line("What it looked at while it wrote one of them, line by line:");
        terminal.Line();
        foreach (var line in alignment.Lines())
            terminal.Line($"  {line}");
    }
}
