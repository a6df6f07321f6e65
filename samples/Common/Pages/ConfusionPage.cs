using SeqCore.Models;

namespace SeqCore.Samples.Common;

/// <summary>A page that shows which labels were taken for which: a picture of the matrix, and the scores of each label.</summary>
public static class ConfusionPage
{
    /// <summary>The largest number of labels in the picture; of more, the most frequent ones are shown.</summary>
    public const int MostLabels = 40;

    /// <summary>Makes the page.</summary>
    /// <param name="title">The title of the page.</param>
    /// <param name="introduction">A paragraph that says what was scored.</param>
    /// <param name="matrix">The counts.</param>
    public static HtmlPage Of(string title, string introduction, ConfusionMatrix matrix)
    {
        var page = new HtmlPage(title);
        page.Paragraph(introduction);
        page.Paragraph("Each row is a true label, and its cells count what was predicted for it. The darker a cell, the larger"
            + " its share of the row; in a perfect matrix only the diagonal has colour.");
        AddTo(page, matrix);
        page.Heading("Labels");
        page.Table(["label", "precision", "recall", "F1", "cases"], matrix.Labels.Select(l => Row(l, matrix.Of(l))));
        return page;
    }

    /// <summary>Adds the picture alone to a page.</summary>
    public static void AddTo(HtmlPage page, ConfusionMatrix matrix)
    {
        int[] shown = [.. Enumerable.Range(0, matrix.Labels.Count)
            .OrderByDescending(i => matrix.Of(matrix.Labels[i]).Support).Take(MostLabels).Order()];
        if (shown.Length < matrix.Labels.Count)
            page.Paragraph($"The {shown.Length} most frequent of {matrix.Labels.Count} labels are shown.");
        var cells = from r in shown from c in shown select (Count: matrix[r, c], All: matrix.Of(matrix.Labels[r]).Support);
        var (values, texts) = (new List<float>(), new List<string>());
        foreach (var (count, all) in cells)
        {
            values.Add(all == 0 ? 0 : (float)count / all);
            texts.Add(count == 0 ? "" : Show.Count(count));
        }

        string[] names = [.. shown.Select(i => matrix.Labels[i])];
        page.Maps([new HeatMap("Share of the cases with the true label", [.. values], names, names)
        {
            RowTitle = "true label",
            ColumnTitle = "predicted label",
            CellTexts = texts,
        }]);
    }

    private static IReadOnlyList<string> Row(string label, LabelScore score) =>
        [label, Show.Percent(score.Precision), Show.Percent(score.Recall), Show.Percent(score.F1), Show.Count(score.Support)];
}
