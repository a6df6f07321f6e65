using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.ClassifySignals;

/// <summary>The scores of a model on series whose labels are known.</summary>
internal sealed class SignalScores
{
    /// <summary>Predicts the labels of series and scores them.</summary>
    /// <param name="model">The model.</param>
    /// <param name="series">The series, at least one, with labels that the model knows.</param>
    public SignalScores(SeriesClassifier model, IReadOnlyList<LabelledSeries> series)
        : this(model.Options.Labels, series, [.. Predicted(model, series)])
    {
    }

    /// <summary>Scores predictions.</summary>
    /// <param name="labels">The different labels.</param>
    /// <param name="series">The series, at least one.</param>
    /// <param name="predictions">The prediction of each.</param>
    public SignalScores(IReadOnlyList<string> labels, IReadOnlyList<LabelledSeries> series,
        IReadOnlyList<SignalPrediction> predictions)
    {
        (Series, Predictions, Matrix) = (series, predictions, new ConfusionMatrix(labels));
        foreach (var (one, prediction) in series.Zip(predictions))
            Matrix.Add(one.Label!, prediction.Label);
        Accuracy = Bootstrap.Interval(series.Count,
            rows => (double)rows.Count(i => series[i].Label == predictions[i].Label) / rows.Count);
        Normal = series.GroupBy(s => s.Label!).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal)
            .First().Key;
        bool[] isNormal = [.. series.Select(s => s.Label == Normal)];
        if (isNormal.Contains(false))
            RocArea = RankingMetrics.RocArea([.. predictions.Select(p => p.Of(labels, Normal))], isNormal);
    }

    /// <summary>The series.</summary>
    public IReadOnlyList<LabelledSeries> Series { get; }

    /// <summary>The prediction of each series.</summary>
    public IReadOnlyList<SignalPrediction> Predictions { get; }

    /// <summary>The fraction of the series whose label is right.</summary>
    public ScoreInterval Accuracy { get; }

    /// <summary>How often each label was predicted for each true label.</summary>
    public ConfusionMatrix Matrix { get; }

    /// <summary>The most frequent label of the series, such as that of normal heartbeats.</summary>
    public string Normal { get; }

    /// <summary>
    /// The area under the ROC curve of the most frequent label against all others; NaN where there are no others.
    /// </summary>
    public double RocArea { get; } = double.NaN;

    /// <summary>The mean F1 of the labels that occur.</summary>
    public double MacroF1 => Matrix.Labels.Where(l => Matrix.Of(l).Support > 0).Average(l => Matrix.Of(l).F1);

    /// <summary>The scores in a line, with a 95 % interval.</summary>
    /// <param name="part">The name of the series, such as test.</param>
    public string Describe(string part)
    {
        var roc = double.IsNaN(RocArea) ? "" : $"; ROC area {Show.Loss(RocArea)} for {Normal} against the rest";
        return $"{Show.Percent(Accuracy)} of {Show.Count(Series.Count)} {part} series are right, mean F1 of the labels"
            + $" {Show.Percent(MacroF1)}{roc}";
    }

    /// <summary>The scores for JSON.</summary>
    public IEnumerable<(string Name, object? Value)> Values =>
    [
        ("series", Series.Count), ("accuracy", Accuracy.Score), ("accuracy_interval", new[] { Accuracy.Low, Accuracy.High }),
        ("macro_f1", MacroF1), ("normal", Normal), ("roc_area", RocArea),
    ];

    /// <summary>Writes the score of each label.</summary>
    public void Print(Terminal terminal) => new Table("Labels", ["label", "precision", "recall", "F1", "series"],
        [
            .. Matrix.Labels.Select(l => (Label: l, Score: Matrix.Of(l))).Select(l => (IReadOnlyList<Cell>)[l.Label,
                Cell.Of(l.Score.Precision, Show.Percent), Cell.Of(l.Score.Recall, Show.Percent),
                Cell.Of(l.Score.F1, Show.Percent), Cell.Of(l.Score.Support, Show.Count)]),
        ]).Print(terminal);

    private static IEnumerable<SignalPrediction> Predicted(SeriesClassifier model, IReadOnlyList<LabelledSeries> series) =>
        model.Predict([.. series.Select(s => s.Series)])
            .Select(p => new SignalPrediction(p.Label, [.. p.Probabilities.Select(v => (double)v)]));
}

/// <summary>What a method says of a series.</summary>
/// <param name="Label">The predicted label.</param>
/// <param name="Scores">The score of each label, in their order, such as its probability; higher ones are more likely.</param>
internal sealed record SignalPrediction(string Label, IReadOnlyList<double> Scores)
{
    /// <summary>The score of a label.</summary>
    public double Of(IReadOnlyList<string> labels, string label)
    {
        for (var i = 0; i < labels.Count; i++)
        {
            if (labels[i] == label)
                return Scores[i];
        }

        throw new ArgumentException($"SignalPrediction: there is no label '{label}'.", nameof(label));
    }
}
