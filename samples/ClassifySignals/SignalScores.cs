using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.ClassifySignals;

/// <summary>The scores of a model on series whose labels are known.</summary>
internal sealed class SignalScores
{
    /// <summary>Predicts the labels of series and scores them.</summary>
    /// <param name="model">The model.</param>
    /// <param name="series">The series, at least one, with labels that the model knows.</param>
    /// <param name="positive">The label that the ROC area tells from all others; null for the mean of all labels.</param>
    public SignalScores(SeriesClassifier model, IReadOnlyList<LabelledSeries> series, string? positive)
        : this(model.Options.Labels, series, [.. Predicted(model, series)], positive)
    {
    }

    /// <summary>Scores predictions.</summary>
    /// <param name="labels">The different labels.</param>
    /// <param name="series">The series, at least one.</param>
    /// <param name="predictions">The prediction of each.</param>
    /// <param name="positive">The label that the ROC area tells from all others; null for the mean of all labels.</param>
    public SignalScores(IReadOnlyList<string> labels, IReadOnlyList<LabelledSeries> series,
        IReadOnlyList<SignalPrediction> predictions, string? positive)
    {
        (Series, Predictions, Positive, Matrix) = (series, predictions, positive, new ConfusionMatrix(labels));
        foreach (var (one, prediction) in series.Zip(predictions))
            Matrix.Add(one.Label!, prediction.Label);
        Accuracy = WilsonInterval.Of(series.Zip(predictions).Count(p => p.First.Label == p.Second.Label), series.Count);
        RocAreas = [.. labels.Select((l, i) => AreaOf(l, i))];
        RocArea = positive is null
            ? RocAreas.Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average()
            : RocAreas[Array.IndexOf([.. labels], positive)];

        double AreaOf(string label, int index)
        {
            bool[] isLabel = [.. series.Select(s => s.Label == label)];
            return isLabel.Contains(true) && isLabel.Contains(false)
                ? RankingMetrics.RocArea([.. predictions.Select(p => p.Scores[index])], isLabel)
                : double.NaN;
        }
    }

    /// <summary>The series.</summary>
    public IReadOnlyList<LabelledSeries> Series { get; }

    /// <summary>The prediction of each series.</summary>
    public IReadOnlyList<SignalPrediction> Predictions { get; }

    /// <summary>The fraction of the series whose label is right, with its 95 % interval.</summary>
    public ScoreInterval Accuracy { get; }

    /// <summary>How often each label was predicted for each true label.</summary>
    public ConfusionMatrix Matrix { get; }

    /// <summary>The label that <see cref="RocArea"/> tells from all others; null for the mean of all labels.</summary>
    public string? Positive { get; }

    /// <summary>
    /// The area under the ROC curve of the positive label against all others, or the mean of these areas of all labels; NaN where
    /// the series have one label.
    /// </summary>
    public double RocArea { get; }

    /// <summary>The area of each label against all others; NaN for one that no series has, or every series.</summary>
    public IReadOnlyList<double> RocAreas { get; }

    /// <summary>What <see cref="RocArea"/> is, in words.</summary>
    public static string RocWords(string? positive) =>
        positive is null ? "the mean of each label against the rest" : $"{positive} against the rest";

    /// <summary>The mean F1 of the labels that occur.</summary>
    public double MacroF1 => Matrix.Labels.Where(l => Matrix.Of(l).Support > 0).Average(l => Matrix.Of(l).F1);

    /// <summary>The scores in a line, with a 95 % interval.</summary>
    /// <param name="part">The name of the series, such as test.</param>
    public string Describe(string part)
    {
        var roc = double.IsNaN(RocArea) ? "" : $"; ROC area {Show.Loss(RocArea)}, {RocWords(Positive)}";
        return $"{Show.Percent(Accuracy)} of {Show.Count(Series.Count)} {part} series are right, mean F1 of the labels"
            + $" {Show.Percent(MacroF1)}{roc}";
    }

    /// <summary>The scores for JSON.</summary>
    public IEnumerable<(string Name, object? Value)> Values =>
    [
        ("series", Series.Count), ("accuracy", Accuracy.Score), ("accuracy_interval", new[] { Accuracy.Low, Accuracy.High }),
        ("macro_f1", MacroF1), ("positive", Positive), ("roc_area", RocArea),
    ];

    /// <summary>The score of each label.</summary>
    public Table OfLabels => new("Labels", ["label", "precision", "recall", "F1", "ROC area", "series"],
        [
            .. Matrix.Labels.Select((l, i) => (Label: l, Score: Matrix.Of(l), Area: RocAreas[i])).Select(l =>
                (IReadOnlyList<Cell>)[l.Label, Cell.Of(l.Score.Precision, Show.Percent), Cell.Of(l.Score.Recall, Show.Percent),
                    Cell.Of(l.Score.F1, Show.Percent), Cell.Of(l.Area, Show.Loss), Cell.Of(l.Score.Support, Show.Count)]),
        ])
    {
        Name = "labels",
        Keys = ["label", "precision", "recall", "f1", "roc_area", "series"],
    };

    private static IEnumerable<SignalPrediction> Predicted(SeriesClassifier model, IReadOnlyList<LabelledSeries> series) =>
        model.Predict([.. series.Select(s => s.Series)])
            .Select(p => new SignalPrediction(p.Label, [.. p.Probabilities.Select(v => (double)v)]));
}

/// <summary>What a method says of a series.</summary>
/// <param name="Label">The predicted label.</param>
/// <param name="Scores">The score of each label, in their order, such as its probability; higher ones are more likely.</param>
internal sealed record SignalPrediction(string Label, IReadOnlyList<double> Scores);
