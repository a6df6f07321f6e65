using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.ClassifyText;

/// <summary>The scores of a model on texts whose labels are known.</summary>
internal sealed class TextScores
{
    private const int Chunk = 4096;
    private readonly bool several;

    /// <summary>Predicts the labels of texts and scores them.</summary>
    /// <param name="model">The model.</param>
    /// <param name="texts">The texts, at least one, with labels that the model knows.</param>
    /// <param name="cancellation">Stops early.</param>
    public TextScores(TextClassifier model, IReadOnlyList<LabelledText> texts, CancellationToken cancellation)
    {
        (Texts, several) = (texts, model.Options.IsMultiLabel);
        var predictions = new List<TextPrediction>(texts.Count);
        foreach (var chunk in texts.Chunk(Chunk))
        {
            cancellation.ThrowIfCancellationRequested();
            predictions.AddRange(model.Predict([.. chunk.Select(t => t.Text)]));
        }

        Predictions = predictions;
        Loss = model.Score(texts).Loss;
        bool[] right = [.. texts.Zip(predictions, IsRight)];
        Accuracy = Bootstrap.Interval(texts.Count, rows => (double)rows.Count(i => right[i]) / rows.Count);
        var labels = model.Options.Labels;
        if (!several)
        {
            Matrix = new ConfusionMatrix(labels);
            foreach (var (text, prediction) in texts.Zip(predictions))
                Matrix.Add(text.Labels[0], prediction.Label);
        }

        Labels = [.. labels.Select(l => (l, Matrix?.Of(l) ?? Score(l)))];
        if (several)
        {
            LabelScore[] ofTexts = [.. texts.Zip(predictions, Score)];
            MicroF1 = Bootstrap.Interval(texts.Count,
                rows => rows.Aggregate(default(LabelScore), (sum, i) => sum + ofTexts[i]).F1);
        }
    }

    /// <summary>The texts.</summary>
    public IReadOnlyList<LabelledText> Texts { get; }

    /// <summary>The prediction of each text.</summary>
    public IReadOnlyList<TextPrediction> Predictions { get; }

    /// <summary>The mean loss, in nats.</summary>
    public double Loss { get; }

    /// <summary>The fraction of the texts whose label, or set of labels, is right.</summary>
    public ScoreInterval Accuracy { get; }

    /// <summary>The F1 of all labels together, where texts can have several; null where they have one.</summary>
    public ScoreInterval? MicroF1 { get; }

    /// <summary>The mean of the labels' F1.</summary>
    public double MacroF1 => Labels.Average(l => l.Score.F1);

    /// <summary>The score of each label.</summary>
    public IReadOnlyList<(string Label, LabelScore Score)> Labels { get; }

    /// <summary>How often each label was predicted for each true label; null where texts can have several.</summary>
    public ConfusionMatrix? Matrix { get; }

    /// <summary>Whether a text was given the right labels.</summary>
    public static bool IsRight(LabelledText text, TextPrediction prediction) =>
        prediction.Labels.Count == text.Labels.Distinct(StringComparer.Ordinal).Count()
            && prediction.Labels.All(l => text.Labels.Contains(l, StringComparer.Ordinal));

    /// <summary>The scores in a line, with 95 % intervals.</summary>
    /// <param name="part">The name of the texts, such as test.</param>
    public string Describe(string part)
    {
        var texts = $"{Show.Count(Texts.Count)} {part} texts";
        return MicroF1 is { } micro
            ? $"micro F1 {Show.Percent(micro)} on {texts}; macro F1 {Show.Percent(MacroF1)}, all labels of a text right"
                + $" {Show.Percent(Accuracy.Score)}"
            : $"{Show.Percent(Accuracy)} of {texts} are right; macro F1 {Show.Percent(MacroF1)}";
    }

    /// <summary>The scores for JSON.</summary>
    public IEnumerable<(string Name, object? Value)> Values =>
    [
        ("texts", Texts.Count), ("loss", Loss), ("accuracy", Accuracy.Score),
        ("accuracy_interval", new[] { Accuracy.Low, Accuracy.High }), ("macro_f1", MacroF1),
        .. MicroF1 is { } micro
            ? new (string, object?)[] { ("micro_f1", micro.Score), ("micro_f1_interval", new[] { micro.Low, micro.High }) }
            : [],
    ];

    /// <summary>Writes the score of each label, and the confusion matrix where it fits.</summary>
    public void Print(Terminal terminal)
    {
        new Table("Labels", ["label", "precision", "recall", "F1", "texts"],
        [
            .. Labels.Select(l => (IReadOnlyList<Cell>)[l.Label, Percent(l.Score.Precision), Percent(l.Score.Recall),
                Percent(l.Score.F1), Cell.Of(l.Score.Support, Show.Count)]),
        ]).Print(terminal);
        if (Matrix is null)
            return;
        var table = new Table("True labels downwards, predicted labels across", ["true label", .. Matrix.Labels],
        [
            .. Matrix.Labels.Select((l, i) => (IReadOnlyList<Cell>)[l, .. Matrix.Labels.Select((_, j) =>
                Cell.Of(Matrix[i, j], Show.Count))]),
        ])
        {
            Name = "confusion",
        };
        if (table.Fits(terminal))
            table.Print(terminal);
    }

    private static Cell Percent(double share) => Cell.Of(share, Show.Percent);

    private LabelScore Score(string label)
    {
        var (hit, extra, missed) = (0, 0, 0);
        foreach (var (text, prediction) in Texts.Zip(Predictions))
        {
            var (has, given) = (text.Labels.Contains(label), prediction.Labels.Contains(label));
            hit += has && given ? 1 : 0;
            extra += given && !has ? 1 : 0;
            missed += has && !given ? 1 : 0;
        }

        return new LabelScore(hit, extra, missed);
    }

    private static LabelScore Score(LabelledText text, TextPrediction prediction)
    {
        var hit = prediction.Labels.Count(l => text.Labels.Contains(l));
        return new LabelScore(hit, prediction.Labels.Count - hit, text.Labels.Distinct().Count() - hit);
    }
}
