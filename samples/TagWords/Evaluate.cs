using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.TagWords;

/// <summary>Scores a trained model on sentences that it was not trained on.</summary>
internal sealed class EvaluateCommand() : ModelCommand<TextTagger>(ModelText.FileKinds, ModelText.Load)
{
    private readonly TagOptions data = new();
    private readonly Option<string> part = OptionKinds.Choice("--part",
        "Which sentences of the data that the model was trained on.", "test", "test", "validation");
    private readonly Option<string?> confusion = PredictionOutput.Confusion("none");

    /// <inheritdoc/>
    protected override void AddTo(Command command)
    {
        ArgumentNullException.ThrowIfNull(command);
        base.AddTo(command);
        AddData(command, data);
        command.StartGroup("Results");
        command.Options.Add(part);
        command.Options.Add(confusion);
    }

    /// <inheritdoc/>
    protected override void Check(ParseResult result)
    {
        data.Name(result);
        OptionKinds.RequireWritable(result.GetValue(confusion), "--confusion");
    }

    /// <inheritdoc/>
    protected override void Run(ParseResult result, TrainedModel<TextTagger> trained, Context context)
    {
        var (terminal, model) = (context.Terminal, trained.Model);
        var (name, which, sentences) = Sentences(result, trained, context);
        if (sentences.Count == 0)
        {
            throw new UserException("The data have no sentences for tests. Add --part validation, or name a file with --test.",
                isUsage: true);
        }

        var scores = new TagScores(model, sentences, context.Cancellation);
        terminal.Paragraph(scores.Describe(which));
        terminal.Pair("checkpoint", trained.Description);
        terminal.Pair("data", $"{name}, {Show.Count(sentences.Count)} sentences");
        if (result.GetValue(confusion) is { } page)
        {
            scores.WriteConfusion(page, model, which);
            terminal.Pair("confusion", page);
        }

        scores.Print(terminal);
        terminal.Result([("event", "evaluation"), ("iteration", trained.Step), ("data", name), ("part", which),
            .. scores.Values,
            ("tags", scores.Matrix.Labels.Select(l => (l, (object?)Values(scores.Matrix.Of(l))))),
            .. scores.Spans is null
                ? []
                : new (string, object?)[] { ("types", scores.Spans.Types.Select(t => (t.Key, (object?)Values(t.Value)))) }]);
    }

    /// <summary>
    /// The sentences to score: those of a file, or a part of the set that the model was trained on or that is named.
    /// </summary>
    private (string Name, string Part, IReadOnlyList<TaggedText> Sentences) Sentences(ParseResult result,
        TrainedModel<TextTagger> trained, Context context)
    {
        var tags = trained.Model.Options.Tags;
        var path = result.GetValue<string?>("--data");
        var other = data.TestFile(result) ?? (path is null || data.IsFileOf(path, trained.Configuration) ? null : path);
        if (other is not null)
            return (other, "new", data.Load(result, other, tags, trained.Configuration).Sentences);
        data.TakeFrom(result, trained.Source, trained.Configuration, context.Terminal);
        var own = data.Load(result, tags, data.SplitSeed(result, trained.Configuration), trained.Configuration, context.Terminal,
            context.Cancellation);
        var isOwn = path is not null || own.Name == trained.Configuration.GetValueOrDefault("data");
        var isRefit = isOwn && trained.Configuration.ContainsKey("refit");
        if (isRefit)
            own = own.Refitted();
        if (!data.IsGiven(result))
            trained.RequireData(HashOf(trained.Model, own));
        if (path is not null)
            trained.RequireParts(path, HashOf(trained.Model, own));
        var which = result.GetValue(part)!;
        return (own.Name, which == "validation" && isRefit ? "training" : which, own.Part(which));
    }

    private static string? HashOf(TextTagger model, TagData sentences)
    {
        using var task = new TextTaggerTask(model, sentences.Training, sentences.Validation, 1, 0);
        return task.DataHash;
    }

    private static IEnumerable<(string Name, object? Value)> Values(LabelScore score) =>
        [("precision", score.Precision), ("recall", score.Recall), ("f1", score.F1), ("cases", score.Support)];
}
