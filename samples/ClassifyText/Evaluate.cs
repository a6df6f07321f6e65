using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.ClassifyText;

/// <summary>Scores a trained model on texts that it was not trained on.</summary>
internal sealed class EvaluateCommand() : ModelCommand<TextClassifier>(ModelText.FileKinds, ModelText.Load)
{
    private readonly TextOptions data = new();
    private readonly Option<string> part = OptionKinds.Choice("--part",
        "Which texts of the data that the model was trained on.", "test", "test", "validation");
    private readonly Option<string?> confusion = PredictionOutput.Confusion("none");
    private readonly Option<string?> explainPage = PredictionOutput.ExplainPage("none");

    /// <inheritdoc/>
    protected override void AddTo(Command command)
    {
        base.AddTo(command);
        AddData(command, data);
        command.StartGroup("Results");
        foreach (var option in (Option[])[part, confusion, explainPage])
            command.Options.Add(option);
    }

    /// <inheritdoc/>
    protected override void Check(ParseResult result) => data.Name(result);

    /// <inheritdoc/>
    protected override void Run(ParseResult result, TrainedModel<TextClassifier> trained, Context context)
    {
        var (terminal, model) = (context.Terminal, trained.Model);
        PredictionOutput.Check(model.Options.IsMultiLabel, result.GetValue(confusion), result.GetValue(explainPage));
        var (name, which, texts) = Texts(result, trained, terminal);
        if (texts.Count == 0)
        {
            throw new UserException("The data have no texts for tests. Add --part validation, or name a file with --test.",
                isUsage: true);
        }

        var scores = new TextScores(model, texts, context.Cancellation);
        terminal.Heading(scores.Describe(which));
        terminal.Pair("checkpoint", trained.Description);
        terminal.Pair("data", name);
        if (result.GetValue(confusion) is { } page)
        {
            PredictionOutput.WriteConfusion(page, model, scores, which);
            terminal.Pair("confusion", page);
        }

        if (result.GetValue(explainPage) is { } path)
        {
            const int OnPage = 50;
            Explanation.WritePage(path, model, texts.Take(OnPage).Select((t, i) => (
                Explanation.Of(model, t.Text, scores.Predictions[i]), (IReadOnlyList<string>?)t.Labels)));
            terminal.Pair("explanation", path);
        }

        scores.Print(terminal);
        terminal.Result([("event", "evaluation"), ("iteration", trained.Step), ("data", name), ("part", which),
            .. scores.Values]);
    }

    /// <summary>
    /// The texts to score: those of --test, the part for tests of what the model was trained on, or all of other data.
    /// </summary>
    private (string Name, string Part, IReadOnlyList<LabelledText> Texts) Texts(ParseResult result,
        TrainedModel<TextClassifier> trained, Terminal terminal)
    {
        var (options, labels) = (trained.Model.Options, trained.Model.Options.Labels);
        if (data.TestFile(result) is { } test)
            return (test, "test", TextsOf(data.LoadFile(result, test, options.IsMultiLabel, labels, terminal)));

        data.TakeFrom(result, trained.Source, trained.Configuration, terminal);
        var isSplit = trained.Configuration.ContainsKey(SplitDataOptions.SplitSeedName);
        var path = result.GetValue<string?>("--data");
        if (path is not null && !data.IsFileOf(path, trained.Configuration))
            return (data.Name(result), "new", TextsOf(data.LoadFile(result, path, options.IsMultiLabel, labels, terminal)));

        var seed = isSplit ? data.SplitSeed(result, trained.Configuration) : 1;
        var own = data.Load(result, options.IsMultiLabel, labels, seed, terminal);
        var isOwn = path is not null || own.Name == trained.Configuration.GetValueOrDefault("data");
        var isRefit = isOwn && trained.Configuration.ContainsKey(TrainingRun.Refit);
        if (isRefit)
            own = own.TrainedOnValidation();
        if (!data.IsGiven(result))
            trained.RequireData(HashOf(trained.Model, own));
        if (path is not null)
            trained.RequireParts(path, HashOf(trained.Model, own));
        var which = result.GetValue(part)!;
        return which == "test" ? (own.Name, which, own.Test) : (own.Name, TrainingRun.ValidationPart(isRefit), own.Validation);
    }

    private static IReadOnlyList<LabelledText> TextsOf(IReadOnlyList<SourcedText> texts) => [.. texts.Select(t => t.Text)];

    private static string? HashOf(TextClassifier model, LabelledData texts)
    {
        using var task = new TextClassifierTask(model, texts.Training, texts.Validation, 1, 0);
        return task.DataHash;
    }
}
