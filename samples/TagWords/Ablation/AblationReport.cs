using System.Globalization;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.TagWords;

/// <summary>The table and the chart of an ablation: the mean over the seeds, and how far they spread.</summary>
/// <param name="data">The name of the data.</param>
/// <param name="part">The sentences that were scored: test or validation.</param>
/// <param name="runs">The runs.</param>
internal sealed class AblationReport(string data, string part, IReadOnlyList<AblationRun> runs)
{
    private readonly IGrouping<string, AblationRun>[] models = [.. runs.GroupBy(r => r.Row)];

    private bool HasSpans => runs.Any(r => r.SpanF1 is not null);

    /// <summary>The scores; their values for JSON are the means as fractions.</summary>
    public Table Scores => new($"Scores of the {part} sentences of {data} in %, {Spread}",
        ["model", .. HasSpans ? new[] { "F1 of names" } : [], "accuracy", "unknown words"],
        [.. models.Select(Row)]);

    /// <summary>The sizes of the models, and how long their training takes.</summary>
    public Table Sizes => new("Size, and time of one training run on average", ["model", "parameters", "time"],
        [
            .. models.Select(m => (IReadOnlyList<Cell>)[m.Key, Cell.Of(m.First().Parameters, Show.Count),
                Cell.Of(m.Average(r => r.Seconds), Show.Time)]),
        ]);

    private string Spread => models.Max(m => m.Count()) is var seeds and > 1
        ? $"mean and standard deviation of {seeds} seeds"
        : "one seed";

    /// <summary>Writes the page.</summary>
    /// <param name="path">The path of the page.</param>
    /// <param name="description">What was trained and on what.</param>
    public void WritePage(string path, string description)
    {
        var page = new HtmlPage("What each part of a tagger is good for");
        page.Paragraph($"{description} Each dot is a run with a seed of its own, and each line the mean of a model.");
        if (HasSpans)
            Chart("F1 of names", r => r.SpanF1 ?? double.NaN);
        Chart("Accuracy", r => r.Accuracy);
        Chart("Accuracy on words that are not in the training text", r => r.UnknownAccuracy ?? double.NaN);
        page.Heading("All scores");
        foreach (var table in (Table[])[Scores, Sizes])
        {
            page.Paragraph($"{table.Title}:");
            page.Table(table.Head, table.Rows.Select(r => (IReadOnlyList<string>)[.. r.Select(c => c.Text)]));
        }

        page.Save(path);

        void Chart(string title, Func<AblationRun, double> score)
        {
            var measured = models.Select(m => (Name: m.Key, Values: Finite(m.Select(r => 100 * score(r)))))
                .Where(m => m.Values.Count > 0).ToArray();
            if (measured.Length > 0)
                page.Chart(new DotChart(title, new ChartAxis($"{part} sentences, %"), measured));
        }
    }

    private IReadOnlyList<Cell> Row(IGrouping<string, AblationRun> model) =>
    [
        model.Key,
        .. HasSpans ? new[] { Mean(model.Select(r => r.SpanF1 ?? double.NaN)) } : [],
        Mean(model.Select(r => r.Accuracy)),
        Mean(model.Select(r => r.UnknownAccuracy ?? double.NaN)),
    ];

    private static IReadOnlyList<double> Finite(IEnumerable<double> scores) => [.. scores.Where(double.IsFinite)];

    private static Cell Mean(IEnumerable<double> scores)
    {
        double[] all = [.. scores];
        var mean = all.Average();
        var deviation = all.Length < 2 ? double.NaN : Math.Sqrt(all.Sum(s => (s - mean) * (s - mean)) / (all.Length - 1));
        var format = deviation >= 0.1 ? "0.0" : "0.00";
        return Cell.Of(mean, m => double.IsNaN(deviation) ? Number(m) : $"{Number(m)} ± {Number(deviation)}");

        string Number(double share) => (100 * share).ToString(format, CultureInfo.InvariantCulture);
    }
}
