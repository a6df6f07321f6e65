using System.Globalization;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.ClassifySignals;

/// <summary>The scores of one method with one seed: all folds together, so that each series counts once.</summary>
/// <param name="Method">The method.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Scores">The scores of all series.</param>
/// <param name="Folds">The accuracy on each fold.</param>
/// <param name="Parameters">The number of parameters that were fitted.</param>
/// <param name="Seconds">The seconds for all folds.</param>
internal sealed record CompareResult(Contender Method, ulong Seed, SignalScores Scores, IReadOnlyList<double> Folds,
    long Parameters, double Seconds);

/// <summary>The table and the page of a comparison.</summary>
/// <param name="data">The name of the data.</param>
/// <param name="results">The results, method by method.</param>
internal sealed class CompareReport(string data, IReadOnlyList<CompareResult> results)
{
    private readonly IGrouping<string, CompareResult>[] methods = [.. results.GroupBy(r => r.Method.Title)];

    private int Seeds => methods.Max(m => m.Count());

    /// <summary>The scores; their values for JSON are the means as fractions.</summary>
    public Table Scores => new($"{data}: accuracy in %, {Spread}",
        ["method", "accuracy", "mean F1", "ROC area", "parameters", "time"],
        [
            .. methods.Select(m => (IReadOnlyList<Cell>)
            [
                m.Key, Accuracy(m), Cell.Of(m.Average(r => r.Scores.MacroF1), f => Number(100 * f, "0.0")),
                Cell.Of(m.Average(r => r.Scores.RocArea), a => Number(a, "0.0000")),
                Cell.Of(m.First().Parameters, Show.Count), Cell.Of(m.Average(r => r.Seconds), Show.Time),
            ]),
        ])
    {
        Name = "comparison",
        Keys = ["method", "accuracy", "macro_f1", "roc_area", "parameters", "seconds"],
    };

    /// <summary>What the ROC area is about.</summary>
    public string Note => $"ROC area: {SignalScores.RocWords(results[0].Scores.Positive)}. Time: all folds of a seed, fitting and"
        + " predicting.";

    private string Spread => Seeds > 1
        ? $"mean and deviation of {Seeds} seeds"
        : $"mean and deviation of {results[0].Folds.Count} folds";

    /// <summary>Writes the page.</summary>
    /// <param name="path">The path of the page.</param>
    /// <param name="description">What was compared.</param>
    /// <param name="series">The series.</param>
    public void WritePage(string path, string description, IReadOnlyList<LabelledSeries> series)
    {
        var best = results.MaxBy(r => r.Scores.Accuracy.Score)!;
        var page = new HtmlPage("Is a network worth it?");
        page.Paragraph(description);
        page.Heading("All methods");
        page.Paragraph($"{Scores.Title}. {Note}");
        page.Table(Scores.Head, Scores.Rows.Select(r => (IReadOnlyList<string>)[.. r.Select(c => c.Text)]));
        page.Paragraph("Each dot is the accuracy on a fold, and each line the mean of a method.");
        page.Chart(new DotChart("Accuracy", new ChartAxis("series of a fold, %"),
            [.. methods.Select(m => (m.Key, (IReadOnlyList<double>)[.. m.SelectMany(r => r.Folds).Select(f => 100 * f)]))]));
        page.Paragraph($"What follows is about {best.Method.Title}, seed {best.Seed}, the best of all; the curves are those of"
            + " all series.");
        SignalPage.Add(page, series, best.Scores);
        page.Save(path);
    }

    private Cell Accuracy(IEnumerable<CompareResult> method)
    {
        CompareResult[] all = [.. method];
        double[] spread = all.Length > 1 ? [.. all.Select(r => r.Scores.Accuracy.Score)] : [.. all[0].Folds];
        var (mean, ofSpread) = (all.Average(r => r.Scores.Accuracy.Score), spread.Average());
        var deviation = Math.Sqrt(spread.Sum(s => (s - ofSpread) * (s - ofSpread)) / (spread.Length - 1));
        return Cell.Of(mean, m => $"{Number(100 * m, "0.0")} ± {Number(100 * deviation, "0.0")}");
    }

    private static string Number(double value, string format) =>
        double.IsNaN(value) ? "-" : value.ToString(format, CultureInfo.InvariantCulture);
}
