using System.Globalization;

namespace SeqCore.Models;

/// <summary>What a <see cref="TextClassifier"/> predicts for a text.</summary>
/// <param name="Label">The most probable label.</param>
/// <param name="Probability">The probability of that label.</param>
/// <param name="Labels">
/// The label; for a classifier that gives several, those whose probability is above the threshold, which may be none.
/// </param>
/// <param name="Probabilities">
/// The probability of each label, in the order of <see cref="TextClassifierOptions.Labels"/>. They add up to 1, unless the
/// classifier gives several labels.
/// </param>
/// <param name="Tokens">The tokens that were read.</param>
/// <param name="Weights">
/// The weight of each token in <see cref="AttentionPooling"/>; they add up to 1. Null with another kind of pooling.
/// </param>
public sealed record TextPrediction(string Label, float Probability, IReadOnlyList<string> Labels,
    IReadOnlyList<float> Probabilities, IReadOnlyList<int> Tokens, IReadOnlyList<float>? Weights)
{
    /// <summary>Returns the label and its probability, as in <c>good (94 %)</c>; of several labels all.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", Labels)} ({100 * Probability:0} %)");
}
