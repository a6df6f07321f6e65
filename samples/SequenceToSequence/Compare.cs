using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.SequenceToSequence;

/// <summary>
/// Scores several trained models on the same pairs, by the length of the sources: without attention, all that the decoder knows
/// of a source is one vector, so that long sources suffer most.
/// </summary>
internal sealed class CompareCommand : MachineCommand
{
    private readonly Argument<string[]> models =
        new("MODEL") { Description = "Files or folders of trained models.", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string?> page =
        OptionKinds.Path("--page", "HTML page for the table and the chart. [default: none]", "FILE");
    private readonly Option<string?> svg = OptionKinds.Svg("chart");
    private readonly Option<int> most = EvaluateCommand.NewMost();
    private readonly Option<string> split = EvaluateCommand.NewSplit();
    private readonly PairOptions data = new(ofModel: true);
    private (string Name, bool IsReversed)? translated;
    private bool? isNew;

    /// <inheritdoc/>
    protected override void AddTo(Command command)
    {
        command.Arguments.Add(models);
        data.AddTo(command);
        Translator.AddTo(command);
        command.Options.Add(split);
        command.Options.Add(most);
        command.Options.Add(page);
        command.Options.Add(svg);
    }

    /// <inheritdoc/>
    protected override void Run(ParseResult result, Context context, Machine machine)
    {
        data.Name(result);
        OptionKinds.RequireWritable(result.GetValue(page), "--page");
        OptionKinds.RequireWritable(result.GetValue(svg), "--svg");
        var paths = result.GetValue(models)!;
        var compared = paths.Zip(ModelNames.Of(paths), (path, model) => Examine(path, model, result, context)).ToArray();
        IReadOnlyList<(string Name, IReadOnlyList<LengthScore> Bins)> byLength =
            [.. compared.Select(c => (c.Name, c.Examination.ByLength()))];
        var table = ScoreText.ByLength("BLEU by length", byLength);
        Totals(compared).Print(context.Terminal);
        table.Print(context.Terminal);
        var chart = Chart(byLength);
        OptionKinds.WriteSvg(result.GetValue(svg), chart.ToSvg);
        if (result.GetValue(page) is { } path)
            WritePage(path, compared, table, chart);
    }

    private Compared Examine(string path, string name, ParseResult result, Context context)
    {
        using var trained = new TrainedModel<EncoderDecoderModel>(path, ModelText.FileKinds, ModelText.Load, context.Terminal);
        data.TakeFrom(result, trained.Source, trained.Configuration, context.Terminal);
        var chosen = (data.Name(result), data.IsReversed(result));
        if (chosen != (translated ??= chosen))
        {
            throw new UserException($"'{path}' was trained on other data, or in the other direction. Name the pairs that all"
                + " models should translate, with --data or --dataset, and --reverse if they do so.", isUsage: true);
        }

        var vocabularies = ModelText.VocabulariesOf(trained.Model);
        var whole = data.IsNew(result, trained.Configuration);
        if (whole != (isNew ??= whole))
        {
            throw new UserException($"Some of the models were trained on the file of --data, and '{path}' was"
                + $" {(whole ? "not" : "too")}. Add --split validation to score the pairs that were held out.", isUsage: true);
        }

        var (_, pairs) = data.LoadScored(result, trained.Configuration, context.Terminal, context.Cancellation);
        var readable = vocabularies.Readable(pairs, Translator.LongestOf(trained));
        if (readable.Count < pairs.Count)
        {
            throw new UserException($"'{path}' cannot read {Show.Count(pairs.Count - readable.Count)} of the sources, which are"
                + " too long for it, so it cannot be compared. Train it with a larger --sequence.");
        }

        var examination = Translator.From(result, trained.Model)
            .Examine(readable, result.GetValue(most), context.Cancellation);
        context.Terminal.Result([("event", "model"), ("model", path), ("description", ModelText.Describe(trained.Model)),
            ("parameters", trained.Model.ParameterCount), .. ScoreText.Values(examination.Texts())]);
        return new Compared(name, ModelText.Describe(trained.Model), trained.Model.ParameterCount,
            ModelText.Attends(trained.Model), examination);
    }

    private static Table Totals(IReadOnlyList<Compared> compared) => new("Models",
        ["model", "parameters", "BLEU", "lower case", "chrF"],
        [.. compared.Select(c => (c, t: c.Examination.Texts())).Select(x => (IReadOnlyList<Cell>)
        [
            x.c.Name, new Cell(Show.Count(x.c.Parameters), x.c.Parameters), Score(x.t.Bleu), Score(x.t.Lowercase),
            Score(x.t.Chrf),
        ])]);

    private static Cell Score(double score) => Cell.Of(ScoreText.Rounded(score), s => Invariant($"{s:0.00}"));

    private static LineChart Chart(IReadOnlyList<(string Name, IReadOnlyList<LengthScore> Bins)> models)
    {
        // A single point has no range: it is drawn in the middle.
        var words = new ChartAxis("words of the source");
        if (IsOneLength(models))
            words = words with { Least = 0, Most = 2 * models.Max(m => m.Bins[0].MeanLength) };
        var chart = new LineChart(words, new ChartAxis("BLEU") { Least = 0 })
        {
            Title = "Quality by length",
        };
        foreach (var (name, bins) in models)
            chart.Series.Add(new ChartSeries(name, [.. bins.Select(b => new ChartPoint(b.MeanLength, b.Scores.Bleu))]));
        return chart;
    }

    private static bool IsOneLength(IReadOnlyList<(string Name, IReadOnlyList<LengthScore> Bins)> models) =>
        models.All(m => m.Bins.Count == 1);

    private static void WritePage(string path, IReadOnlyList<Compared> compared, Table byLength, LineChart chart)
    {
        var section = new Section("Translations by the length of the source");
        section.Text(compared.Any(c => c.Attends) && compared.Any(c => !c.Attends)
            ? "A model without attention has to squeeze a source of any length into one vector. The longer the source, the more"
                + " is lost; a model that attends to the source reads it again for each token that it writes."
            : "Each model translates the same sources, which are grouped by their number of words.");
        section.Add(chart, chart.Series.All(s => s.Points.Count == 1)
            ? "All sources are in one range of lengths, so each model has one point, at their mean length."
            : "BLEU of the sources of each range of lengths, at their mean length.");
        section.Add(byLength);
        section.Add(Totals(compared));
        var html = new HtmlPage("Translations by length");
        html.List(compared.Select(c => $"{c.Name}: {c.Description}"));
        section.AddTo(html);
        html.Paragraph($"Scores: {string.Join("; ", TextScores.Signatures)}.");
        html.Save(path);
    }

    private sealed record Compared(string Name, string Description, long Parameters, bool Attends,
        Examination Examination);
}
