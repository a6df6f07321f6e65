using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.ClassifySignals;

/// <summary>Shows the scores, which labels were taken for which, the mistakes, and the series of each label.</summary>
internal static class SignalPage
{
    private const int MostMistakes = 40, DrawnMistakes = 6;

    /// <summary>The option for the page.</summary>
    public static System.CommandLine.Option<string?> Option(string otherwise) => OptionKinds.Path("--page",
        "Write an HTML page with the scores, the confusion matrix, the mistakes and the series of each label."
            + $" [default: {otherwise}]", "FILE");

    /// <summary>Adds scores to a page that has its title and introduction.</summary>
    /// <param name="page">The page.</param>
    /// <param name="known">The series whose curves are drawn, such as those for training.</param>
    /// <param name="scores">The scores.</param>
    public static void Add(HtmlPage page, IReadOnlyList<LabelledSeries> known, SignalScores scores)
    {
        page.Heading("Scores of each label");
        page.Table(scores.OfLabels.Head, scores.OfLabels.Rows.Select(r => (IReadOnlyList<string>)[.. r.Select(c => c.Text)]));
        page.Heading("Confusion matrix");
        page.Paragraph("Each row is a true label, and its cells count what was predicted for it.");
        ConfusionPage.AddTo(page, scores.Matrix);
        AddMistakes(page, known, scores);
        page.Heading("Series of each label");
        SignalCurves.AddLabels(page, [.. known.Select(s => (s.Label!, s.Series))]);
    }

    private static void AddMistakes(HtmlPage page, IReadOnlyList<LabelledSeries> known, SignalScores scores)
    {
        page.Heading("Mistakes");
        var wrong = scores.Series.Zip(scores.Predictions).Where(p => p.First.Label != p.Second.Label).ToArray();
        if (wrong.Length == 0)
        {
            page.Paragraph("There are none.");
            return;
        }

        page.Paragraph(wrong.Length <= MostMistakes
            ? "All series whose label was not recognised."
            : $"The first {MostMistakes} of {wrong.Length} series whose label was not recognised.");
        page.Table(["series", "true label", "predicted"], wrong.Take(MostMistakes).Select(
            p => (IReadOnlyList<string>)[SignalData.NameOf(p.First), p.First.Label!, p.Second.Label]));
        foreach (var (series, prediction) in wrong.Take(DrawnMistakes))
        {
            SignalCurves.AddBeside(page, $"{series.Label} taken for {prediction.Label}", SignalData.NameOf(series), series.Series,
                ((string[])[series.Label!, prediction.Label])
                    .Select(l => (l, known.Where(s => s.Label == l).Select(s => s.Series))));
        }
    }
}
