using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.ClassifyText;

/// <summary>Trains a model on labelled texts, scores it, and shows what it looked at.</summary>
internal class TrainCommand(bool isDemonstration) : MachineCommand
{
    private const int Shown = 4, OnPage = 20;

    private readonly TextOptions data = new();
    private readonly TrainOptions defaults = new();
    private readonly Option<string?> explainPage = PredictionOutput.ExplainPage("explain.html in the run's folder");
    private readonly Option<string?> confusion = PredictionOutput.Confusion("confusion.html in the run's folder");
    private readonly Option<bool> explain = new("--explain") { Description = "Show the words that predictions rest on." };
    private readonly Option<bool> skipTest = new("--skip-test")
    {
        Description = "Do not score the test texts, as long as options are still being chosen.",
    };

    /// <inheritdoc/>
    protected override void AddTo(Command command)
    {
        data.AddTo(command);
        defaults.AddTo(command);
        command.StartGroup("Results");
        foreach (var option in (Option[])[explain, explainPage, confusion, skipTest])
            command.Options.Add(option);
    }

    /// <inheritdoc/>
    protected override void Run(ParseResult result, Context context, Machine machine)
    {
        var terminal = context.Terminal;
        var given = defaults.Read(result);
        var random = new RandomGenerator(given.Seed);
        using var start = Runs.Start(given.From, ModelText.FileKinds, file => TextClassifier.Load(file, random), data, result,
            terminal);
        var options = (data.Set(result)?.Defaults ?? defaults).Read(result);
        var several = start?.Options.IsMultiLabel ?? options.HasSeveralLabels;
        PredictionOutput.Check(several, result.GetValue(confusion), result.GetValue(explainPage));
        var name = data.Name(result);
        var folder = Runs.Choose(options, isDemonstration ? "classify-demo" : $"{options.Model}-{name}", ModelText.FileKinds);

        // Data: texts with labels; no text is in two of the parts for training, validation and tests.
        var texts = data.Load(result, several, start?.Options.Labels, data.SplitSeed(result), terminal);
        texts = options.IsRefit ? texts.TrainedOnValidation() : texts;
        options = options.For(texts.Training.Count);

        // Model: an encoder gives each token a vector in its context, pooling makes one of all, a linear layer scores labels.
        using var made = start is null ? New(options, texts, random, context.Cancellation) : null;
        var model = start ?? made!;
        if (Introduce(texts, options, machine, context) is false)
            return;
        var trained = TrainingRun.Run(model, options, texts, data.SplitSeed(result), folder, machine, context);
        if (trained is not var (report, configuration))
            return;

        // Scores: on texts that the weights were chosen by, and on texts that nothing was chosen by.
        terminal.Line();
        var hasTest = texts.Test.Count > 0 && !result.GetValue(skipTest);
        var scores = new List<(string Part, TextScores Scores)>();
        if (!options.IsRefit || !hasTest)
            scores.Add((TrainingRun.ValidationPart(options.IsRefit), Score(texts.Validation)));
        if (hasTest)
            scores.Add(("test", Score(texts.Test)));
        foreach (var (part, own) in scores)
            terminal.Heading(own.Describe(part));
        report.Print(terminal);
        var card = new ModelCard
        {
            Program = "ClassifyText",
            Model = ModelText.Describe(model),
            Parameters = model.ParameterCount,
            Data = texts.Card,
            Seed = options.Seed,
            Options = configuration,
            ModelOptions = ModelCard.OptionsIn(folder),
            Figures = [.. scores.Select(s => (s.Part, (IReadOnlyList<(string, object?)>)[.. s.Scores.Values]))],
        }.Save(folder);
        terminal.Pair("model card", card);
        var (lastPart, last) = scores[^1];
        WritePages(result, model, folder, last, lastPart, terminal);
        last.Print(terminal);
        PrintSome(model, last, isDemonstration || result.GetValue(explain), terminal);
        terminal.Result([("event", "result"), .. report.Values("texts"),
            .. scores.Select(s => (s.Part, (object?)s.Scores.Values)), ("card", card)]);
        if (isDemonstration)
        {
            context.TellMore("-- predict \"The plot was dull, but the acting was superb.\" --explain for a review of your own,"
                + " -- train for other texts");
        }

        TextScores Score(IReadOnlyList<LabelledText> part) => new(model, part, context.Cancellation);
    }

    /// <summary>Shows something before training.</summary>
    /// <returns>False if the command was stopped meanwhile.</returns>
    protected virtual bool Introduce(LabelledData texts, TrainOptions options, Machine machine, Context context) => true;

    /// <summary>Makes a model for texts.</summary>
    protected static TextClassifier New(TrainOptions options, LabelledData texts, RandomGenerator random,
        CancellationToken cancellation)
    {
        var tokenizer = ClassifierTokens.Of(options, texts.Training.Select(t => t.Text), cancellation);
        var settings = options.NewModelOptions(texts.Labels, texts.Training);
        options.CheckMemory(settings, tokenizer.Count,
            [.. texts.Training.Select(t => Math.Min(options.Sequence, tokenizer.Encode(t.Text).Length))]);
        var ngrams = settings.NgramSize == 0
            ? null
            : TextNgrams.Of(tokenizer, texts.Training, texts.Labels, settings.NgramSize);
        return new TextClassifier(tokenizer, settings, random, ngrams);
    }

    private void WritePages(ParseResult result, TextClassifier model, string folder, TextScores scores, string part,
        Terminal terminal)
    {
        if (scores.Matrix is not null)
        {
            var page = result.GetValue(confusion) ?? Path.Combine(folder, "confusion.html");
            PredictionOutput.WriteConfusion(page, model, scores, part);
            terminal.Pair("confusion", page);
        }

        // Texts from the beginning, wrong ones first, since they say more.
        var chosen = Enumerable.Range(0, scores.Texts.Count)
            .OrderBy(i => TextScores.IsRight(scores.Texts[i], scores.Predictions[i])).Take(OnPage / 2)
            .Union(Enumerable.Range(0, scores.Texts.Count)).Take(OnPage);
        var path = result.GetValue(explainPage) ?? Path.Combine(folder, "explain.html");
        Explanation.WritePage(path, model, chosen.Select(i => (
            Explanation.Of(model, scores.Texts[i].Text, scores.Predictions[i]), (IReadOnlyList<string>?)scores.Texts[i].Labels)));
        terminal.Pair("explanation", path);
    }

    /// <summary>Predicts some texts by themselves, as another process does that loads the model.</summary>
    private static void PrintSome(TextClassifier model, TextScores scores, bool explains, Terminal terminal)
    {
        string[] some = [.. scores.Texts.Take(Shown).Select(t => t.Text)];
        terminal.Line();
        foreach (var (text, prediction) in some.Zip(model.Predict(some)))
        {
            PredictionOutput.Write(terminal, model.Options.Labels, text, prediction,
                explains ? Explanation.Of(model, text, prediction) : null);
        }
    }
}
