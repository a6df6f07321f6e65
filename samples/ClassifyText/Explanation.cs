using System.Globalization;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.ClassifyText;

/// <summary>
/// The words of a text that a prediction rests on: what attention pooling looked at, and how much less probable the label is
/// without each word.
/// </summary>
/// <param name="Prediction">The prediction.</param>
/// <param name="Attention">The text with the weight of each token in attention pooling; null with another pooling.</param>
/// <param name="Effects">The text with the probability that each token adds to the label.</param>
/// <param name="Unknown">The tokens that the model does not know from training.</param>
internal sealed record Explanation(TextPrediction Prediction, WeightedText? Attention, WeightedText Effects,
    IReadOnlyList<string> Unknown)
{
    /// <summary>Explains a prediction.</summary>
    /// <param name="model">The model.</param>
    /// <param name="text">The text.</param>
    /// <param name="prediction">What the model predicts for the text.</param>
    public static Explanation Of(TextClassifier model, string text, TextPrediction prediction)
    {
        var ranges = model.Tokenizer.EncodeWithOffsets(text).Ranges;
        return new Explanation(prediction, prediction.Weights is { } weights ? new WeightedText(text, ranges, weights) : null,
            new WeightedText(text, ranges, EffectsOf(model, text, prediction, ranges)),
            [.. ranges.Zip(prediction.Tokens).Where(t => t.Second == model.Tokenizer.Special.Unknown)
                .Select(t => text[t.First])]);
    }

    /// <summary>The text of an effect, a difference of probability.</summary>
    public static string Effect(double effect) =>
        (100 * effect).ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture) + " %";

    /// <summary>Writes the words to the terminal.</summary>
    public void Print(Terminal terminal)
    {
        Attention?.Print(terminal, "looked at", Show.Percent);
        Effects.Print(terminal, "rests on", Effect);
        if (Unknown.Count > 0)
        {
            const int Named = 5;
            var names = string.Join(", ", Unknown.Take(Named).Select(w => $"'{WeightedText.Plain(w)}'"));
            terminal.Pair("unknown", $"{Unknown.Count} of {Prediction.Tokens.Count} tokens: {names}"
                + (Unknown.Count > Named ? ", ..." : ""));
        }
    }

    /// <summary>Writes a page of explanations.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="model">The model.</param>
    /// <param name="explained">The explanations, with the true labels where they are known.</param>
    public static void WritePage(string path, TextClassifier model,
        IEnumerable<(Explanation Explanation, IReadOnlyList<string>? Actual)> explained)
    {
        var page = new HtmlPage("What the model looked at");
        page.Paragraph($"{ModelText.Describe(model)}.");
        if (model.Options.Pooling == TimePoolingKind.Attention)
        {
            page.Paragraph("Looked at: the stronger the colour of a word, the larger its weight in attention pooling. The vector"
                + " of a word also holds what the encoder has read around it, so a weight shows where the model looked, and not"
                + " which word decided.");
        }

        page.Paragraph("Rests on: blue marks words without which the label is less probable, and orange words without which it is"
            + " more probable; the stronger the colour, the larger the difference.");
        foreach (var (explanation, actual) in explained)
        {
            var wrong = actual is null || TextScores.IsRight(new LabelledText("", actual), explanation.Prediction)
                ? ""
                : $"; correct: {(actual.Count == 0 ? "none" : string.Join(", ", actual))}";
            page.Heading($"{Summary(model.Options.Labels, explanation.Prediction)}{wrong}", 3);
            if (explanation.Attention is { } attention)
                page.Words(attention, Show.Percent, "Looked at");
            page.Words(explanation.Effects, Effect, "Rests on");
        }

        page.Save(path);
    }

    /// <summary>
    /// The labels of a prediction, each with its probability; where there is none, the probability of the most probable one.
    /// </summary>
    /// <param name="labels">All labels of the model.</param>
    /// <param name="prediction">The prediction.</param>
    public static string Summary(IReadOnlyList<string> labels, TextPrediction prediction) => prediction.Labels.Count switch
    {
        0 => $"none, {Show.Percent(prediction.Probability)} for {prediction.Label}",
        1 => $"{prediction.Labels[0]}, {Show.Percent(prediction.Probability)}",
        _ => string.Join(", ", labels.Zip(prediction.Probabilities).Where(p => prediction.Labels.Contains(p.First))
            .Select(p => $"{p.First} {Show.Percent(p.Second)}")),
    };

    /// <summary>
    /// The probability of the label less that without each token; of tokens that share a character, the first has the effect of
    /// all.
    /// </summary>
    private static float[] EffectsOf(TextClassifier model, string text, TextPrediction prediction, IReadOnlyList<Range> ranges)
    {
        var label = prediction.Probabilities.ToList().IndexOf(prediction.Probability);
        Range[] read = [.. ranges.Take(model.Options.MaximumLength)];
        Range[] different = [.. read.Distinct()];
        string[] shorter = [.. different.Select(r => text[..r.Start] + text[r.End..])];
        var effects = different.Zip(model.Predict(shorter), (range, p) =>
            (range, Effect: prediction.Probability - p.Probabilities[label])).ToDictionary(e => e.range, e => e.Effect);
        return [.. read.Select(range => effects.Remove(range, out var effect) ? effect : 0f)];
    }
}
