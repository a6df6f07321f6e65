using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.ClassifyText;

/// <summary>How predictions and scores are shown: the options, and the lines of a prediction.</summary>
internal static class PredictionOutput
{
    /// <summary>The page with what the model looked at.</summary>
    public static Option<string?> ExplainPage(string otherwise) => OptionKinds.Path("--explain-page",
        $"Write an HTML page with the words that predictions rest on. [default: {otherwise}]", "FILE");

    /// <summary>The page with the confusion matrix.</summary>
    public static Option<string?> Confusion(string otherwise) => OptionKinds.Path("--confusion",
        $"Write an HTML page with the confusion matrix. [default: {otherwise}]", "FILE");

    /// <summary>Writes a prediction.</summary>
    /// <param name="terminal">Where to write.</param>
    /// <param name="labels">All labels of the model.</param>
    /// <param name="text">The text.</param>
    /// <param name="prediction">The prediction.</param>
    /// <param name="explanation">What the prediction rests on; null to leave it out.</param>
    public static void Write(Terminal terminal, IReadOnlyList<string> labels, string text, TextPrediction prediction,
        Explanation? explanation = null)
    {
        const int Longest = 200;
        var shown = WeightedText.Plain(text.Length <= Longest ? text : $"{text[..Longest]}…");
        terminal.Line($"{Explanation.Summary(labels, prediction)}: {shown}");
        explanation?.Print(terminal);
        terminal.Result([("event", "prediction"), ("text", text), ("label", prediction.Label),
            ("probability", (double)prediction.Probability), ("labels", prediction.Labels),
            ("probabilities", labels.Zip(prediction.Probabilities, (l, p) => (l, (object?)(double)p))),
            .. explanation is null ? [] : Values(explanation)]);
    }

    /// <summary>Writes the confusion matrix as a page.</summary>
    /// <param name="path">The path of the page.</param>
    /// <param name="model">The model.</param>
    /// <param name="scores">Scores with a matrix.</param>
    /// <param name="part">The name of the texts.</param>
    public static void WriteConfusion(string path, TextClassifier model, TextScores scores, string part) =>
        ConfusionPage.Of("Confusion matrix of the labels",
            $"{ModelText.Describe(model)}. {Show.Percent(scores.Accuracy)} of {Show.Count(scores.Texts.Count)} {part} texts are"
                + $" right (with the 95 % interval); macro F1 {Show.Percent(scores.MacroF1)}.", scores.Matrix!).Save(path);

    /// <summary>
    /// Refuses a page of a confusion matrix where texts can have several labels, and pages that cannot be written.
    /// </summary>
    /// <exception cref="UserException">A page cannot be written.</exception>
    public static void Check(bool several, string? confusion, string? explainPage)
    {
        if (several && confusion is not null)
        {
            throw new UserException("--confusion: there is no confusion matrix where texts can have several labels. Leave it"
                + " out.", isUsage: true);
        }

        OptionKinds.RequireWritable(confusion, "--confusion");
        OptionKinds.RequireWritable(explainPage, "--explain-page");
    }

    private static IEnumerable<(string Name, object? Value)> Values(Explanation explanation)
    {
        IEnumerable<(string Name, object? Value)> values =
        [
            ("words", Weighted(explanation.Effects).Select(p => p.Text)),
            ("effects", Weighted(explanation.Effects).Select(p => p.Weight!.Value)), ("unknown", explanation.Unknown),
        ];
        return explanation.Attention is { } attention
            ? values.Append(("attention", Weighted(attention).Select(p => p.Weight!.Value)))
            : values;

        static IEnumerable<WeightedPart> Weighted(WeightedText text) => text.Parts.Where(p => p.Weight is not null);
    }
}
