using System.Globalization;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.ClassifySignals;

/// <summary>
/// Predictions as lines of CSV and as JSON: the label, its probability, whether it is the one of the file, and the probability of
/// each label.
/// </summary>
/// <param name="labels">The labels of the model.</param>
/// <param name="hasTrueLabels">Whether the series have labels to compare with.</param>
internal sealed class PredictionLines(IReadOnlyList<string> labels, bool hasTrueLabels)
{
    /// <summary>The names of the columns.</summary>
    public string Head => CsvLine.Of(
    [
        "series", "label", "probability", .. hasTrueLabels ? new[] { "true_label", "right" } : [],
        .. labels.Select(l => $"probability of {l}"),
    ]);

    /// <summary>The line of a prediction.</summary>
    public string Of(LabelledSeries series, SeriesPrediction prediction) => CsvLine.Of(
    [
        SignalData.NameOf(series), prediction.Label, Number(prediction.Probability),
        .. hasTrueLabels ? new[] { series.Label!, series.Label == prediction.Label ? "yes" : "no" } : [],
        .. prediction.Probabilities.Select(Number),
    ]);

    /// <summary>A prediction for JSON.</summary>
    public IEnumerable<(string Name, object? Value)> Values(LabelledSeries series, SeriesPrediction prediction) =>
    [
        ("event", "prediction"), ("series", SignalData.NameOf(series)), ("label", prediction.Label),
        ("probability", (double)prediction.Probability), ("true_label", series.Label),
        ("right", series.Label is { } label ? label == prediction.Label : null),
        ("probabilities", labels.Zip(prediction.Probabilities).Select(l => (l.First, (object?)(double)l.Second))),
    ];

    private static string Number(float probability) => probability.ToString("0.0000", CultureInfo.InvariantCulture);
}
