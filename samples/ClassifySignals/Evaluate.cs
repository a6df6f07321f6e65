using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.ClassifySignals;

/// <summary>Scores a trained model on series that it was not trained on.</summary>
internal sealed class EvaluateCommand() : ModelCommand<SeriesClassifier>(ModelText.FileKinds, ModelText.Load)
{
    private readonly SignalOptions data = new();
    private readonly Option<string> part = OptionKinds.Choice("--part",
        "Which series of the data that the model was trained on.", "test", "test", "validation");
    private readonly Option<string?> positive = PositiveLabel.Option();
    private readonly Option<string?> page = SignalPage.Option("none");

    /// <inheritdoc/>
    protected override void AddTo(Command command)
    {
        ArgumentNullException.ThrowIfNull(command);
        base.AddTo(command);
        AddData(command, data);
        command.StartGroup("Results");
        foreach (var option in (Option[])[part, positive, page])
            command.Options.Add(option);
    }

    /// <inheritdoc/>
    protected override void Check(ParseResult result)
    {
        data.Name(result);
        OutputFiles.Require(result);
    }

    /// <inheritdoc/>
    protected override void Run(ParseResult result, TrainedModel<SeriesClassifier> trained, Context context)
    {
        var (terminal, model) = (context.Terminal, trained.Model);
        OutputFiles.Require(result, trained.Source);
        var chosen = PositiveLabel.Of(result, model.Options.Labels);
        var (name, which, series) = Series(result, trained, context);
        if (series.Count == 0)
        {
            throw new UserException("The data have no series for tests. Add --part validation, or name a file with --test.",
                isUsage: true);
        }

        var scores = new SignalScores(model, series, chosen);
        terminal.Paragraph(scores.Describe(which));
        terminal.Pair("checkpoint", trained.Description);
        terminal.Pair("data", $"{name}: {Show.Count(series.Count)} series; {SignalData.Shape(series)}");
        if (result.GetValue(page) is { } path)
        {
            var html = new HtmlPage($"Signals: {ModelText.Title(model.Options)} on {name}");
            html.Paragraph($"{ModelText.Describe(model)}: {scores.Describe(which)}.");
            SignalPage.Add(html, series, scores);
            html.Save(path);
            terminal.Pair("page", path);
        }

        scores.OfLabels.Print(terminal);
        terminal.Result([("event", "evaluation"), ("iteration", trained.Step), ("data", name), ("part", which),
            .. scores.Values]);
    }

    /// <summary>
    /// The series to score: those of a file, or a part of the set that the model was trained on or that is named.
    /// </summary>
    private (string Name, string Part, IReadOnlyList<LabelledSeries> Series) Series(ParseResult result,
        TrainedModel<SeriesClassifier> trained, Context context)
    {
        var path = result.GetValue<string?>("--data");
        var other = data.TestFile(result) ?? (path is null || data.IsFileOf(path, trained.Configuration) ? null : path);
        if (other is not null)
            return (Path.GetFileNameWithoutExtension(other), "new", data.Read(result, other, trained.Model));
        data.TakeFrom(result, trained.Source, trained.Configuration, context.Terminal);
        var own = data.Load(result, trained.Model, data.SplitSeed(result, trained.Configuration), context.Terminal);
        if (!data.IsGiven(result))
            trained.RequireData(HashOf(trained.Model, own));
        if (path is not null)
            trained.RequireParts(path, HashOf(trained.Model, own));
        var which = result.GetValue(part)!;
        return (own.Name, which, own.Part(which));
    }

    /// <summary>The hash of the data of a run with a model of these options, which takes its scaling from them.</summary>
    private static string? HashOf(SeriesClassifier model, SignalData signals)
    {
        using var alike = new SeriesClassifier(model.Options, new RandomGenerator(0));
        using var task = new SeriesClassifierTask(alike, signals.Training, signals.Validation, 1, 0);
        return task.DataHash;
    }
}
