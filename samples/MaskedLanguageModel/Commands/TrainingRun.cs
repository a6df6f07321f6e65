using SeqCore.Models;
using SeqCore.Samples.Common;
using SeqCore.Samples.MaskedLanguageModel.Blanks;

namespace SeqCore.Samples.MaskedLanguageModel.Commands;

/// <summary>Trains a model on a text, shows how it goes, and lets it fill blanks.</summary>
internal sealed class TrainingRun(TrainingSettings settings, MaskedText text, string dataName, string folder, Terminal terminal)
{
    /// <summary>Guesses to show for each blank of an example.</summary>
    private const int Top = 3;

    private readonly string unit = ModelText.Unit(text.Tokenizer);

    /// <summary>Trains, reports, fills blanks.</summary>
    /// <param name="start">The model to start from; null for a new one.</param>
    /// <param name="random">Draws the initial weights and the masks of dropout.</param>
    /// <param name="machine">For people.</param>
    /// <param name="cancellation">Saves and ends.</param>
    public void Execute(Bert? start, RandomGenerator random, string machine, CancellationToken cancellation)
    {
        var run = settings.Run;
        MemoryEstimate.Check(start is null ? settings : settings with { Bert = start.Options }, text.Tokenizer.Count);
        AttentionPage.RequireWritable(settings.Attention);
        using var made = start is null ? settings.NewModel(text.Tokenizer, random) : null;
        var model = start ?? made!;
        using var task = text.NewTask(model, settings.MaskShare, settings.WholeWords, run.Batch, run.Seed);
        using var optimizer = run.NewOptimizer(model);
        var watched = new WatchedTraining(
            new Trainer(task, optimizer, run.NewOptions(folder, Configuration()), run.NewSchedule()), run, folder, terminal)
        {
            Unit = unit,
            PerStep = task.TokensPerBatch,
            Title = $"BERT on {dataName}",
            LossUnit = "blank",
            Details = _ => [("masked_accuracy", task.LastScore?.Accuracy)],
        };
        if (watched.Run(() => Introduce(model, machine), cancellation) is not { } report)
            return;
        model.Evaluate();
        Conclude(report, task.Score(cancellation));
        ShowExamples(model);
    }

    private Dictionary<string, string> Configuration() => new()
    {
        ["mask_share"] = RunSettings.Text(settings.MaskShare),
        ["whole_words"] = settings.WholeWords ? "yes" : "no",
        ["from"] = Runs.NameOf(settings.From),
        ["data"] = dataName,
        ["tokens"] = RunSettings.Text(text.Count),
    };

    private void Introduce(Bert model, string machine)
    {
        terminal.Heading("SeqCore masked language model");
        terminal.Pair("data", $"{dataName}: {Show.Count(text.Count)} {unit}, the last tenth for validation");
        terminal.Pair("model", $"{ModelText.Describe(model)}: {Show.Count(model.ParameterCount)} parameters");
        terminal.Pair("training", $"{Show.Count(settings.Run.Iterations)} iterations of {settings.Run.Batch} sequences of up to"
            + $" {model.Options.MaximumLength} {unit}, {ScoreText.Percent(settings.MaskShare)} of them hidden");
        terminal.Pair("machine", machine);
        terminal.Pair("folder", folder);
        terminal.Line();
        terminal.Result(("event", "start"), ("data", dataName), ("tokens", text.Count), ("level", unit),
            ("vocabulary", model.VocabularySize),
            ("parameters", model.ParameterCount), ("iterations", settings.Run.Iterations), ("machine", machine), ("out", folder));
    }

    private void Conclude(TrainingReport report, MaskedScore score)
    {
        terminal.Line();
        terminal.Heading(ScoreText.Of(score, text));
        report.Tell(terminal);
        terminal.Result([("event", "result"), .. report.Values("tokens"), ("masked_accuracy", score.Accuracy),
            ("blanks", score.Count)]);
    }

    private void ShowExamples(Bert model)
    {
        var examples = Examples.Choose(text.ValidationText, text.Tokenizer, model.Options.MaximumLength - 2,
            settings.AreWords ? 6 : 3, settings.Run.Seed);
        if (examples.Count == 0)
            return;
        terminal.Line();
        terminal.Heading("Blanks in lines that it never read, and its likeliest guesses:");
        var report = new BlankReport(text.Tokenizer, terminal, Top);
        foreach (var (hidden, truth) in examples)
        {
            terminal.Line();
            report.Show(hidden, new Guesser(model).Fill(hidden), truth);
        }

        if (settings.Attention is not { } attention)
            return;
        AttentionPicture.Save(attention, model, text.Tokenizer, examples[0].Hidden);
        terminal.Line();
        terminal.Pair("attention", attention);
    }
}
