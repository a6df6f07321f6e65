using System.Globalization;

namespace SeqCore.Models;

/// <summary>What a <see cref="SeriesClassifier"/> predicts for a series.</summary>
/// <param name="Label">The most probable label.</param>
/// <param name="Probability">The probability of that label.</param>
/// <param name="Probabilities">
/// The probability of each label, in the order of <see cref="SeriesClassifierOptions.Labels"/>; they add up to 1.
/// </param>
public sealed record SeriesPrediction(string Label, float Probability, IReadOnlyList<float> Probabilities)
{
    /// <summary>Returns the label and its probability, as in <c>normal (94 %)</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Label} ({100 * Probability:0} %)");
}
