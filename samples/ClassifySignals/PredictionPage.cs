using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.ClassifySignals;

/// <summary>A page of predictions: how many are right where that is known, a table, and the series by their label.</summary>
internal static class PredictionPage
{
    private const int MostRows = 200;

    /// <summary>Makes the page.</summary>
    /// <param name="title">The title.</param>
    /// <param name="model">A description of the model.</param>
    /// <param name="labels">The labels of the model.</param>
    /// <param name="series">The series.</param>
    /// <param name="predictions">The prediction of each.</param>
    public static HtmlPage Of(string title, string model, IReadOnlyList<string> labels, IReadOnlyList<LabelledSeries> series,
        IReadOnlyList<SeriesPrediction> predictions)
    {
        var page = new HtmlPage(title);
        page.Paragraph($"{model}. {Show.Count(series.Count)} series.");
        if (series.Count == 0)
            return page;
        var isLabelled = series.All(s => s.Label is not null);
        if (isLabelled)
        {
            var matrix = new ConfusionMatrix(labels);
            foreach (var (one, prediction) in series.Zip(predictions))
                matrix.Add(one.Label!, prediction.Label);
            var right = series.Zip(predictions).Count(p => p.First.Label == p.Second.Label);
            page.Paragraph($"{Show.Percent(WilsonInterval.Of(right, series.Count))} of the labels are those of the file"
                + " (with the 95 % interval).");
            page.Heading("Confusion matrix");
            page.Paragraph("Each row is a label of the file, and its cells count what was predicted for it.");
            ConfusionPage.AddTo(page, matrix);
        }

        page.Heading("Predictions");
        if (series.Count > MostRows)
            page.Paragraph($"The first {MostRows} are listed.");
        string[] extra = isLabelled ? ["true label", ""] : [];
        page.Table(["series", "label", "probability", .. extra],
            series.Zip(predictions).Take(MostRows).Select(p => (IReadOnlyList<string>)
            [
                SignalData.NameOf(p.First), p.Second.Label, Show.Percent(p.Second.Probability),
                .. isLabelled ? new[] { p.First.Label!, p.First.Label == p.Second.Label ? "right" : "wrong" } : [],
            ]));
        page.Heading("Series by their predicted label");
        SignalCurves.AddLabels(page, [.. series.Zip(predictions, (s, p) => (p.Label, s.Series))]);
        return page;
    }
}
