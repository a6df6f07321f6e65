using System.Globalization;

namespace SeqCore.Models;

/// <summary>A BLEU score and what it is made of.</summary>
/// <param name="Score">The score in percent.</param>
/// <param name="Precisions">The precision of each order of n-grams in percent, smoothed.</param>
/// <param name="BrevityPenalty">The factor of texts that are shorter than their references, in [0, 1].</param>
/// <param name="HypothesisLength">The number of words that were written.</param>
/// <param name="ReferenceLength">The number of words of the references whose length is closest.</param>
public sealed record BleuScore(double Score, IReadOnlyList<double> Precisions, double BrevityPenalty, long HypothesisLength,
    long ReferenceLength)
{
    /// <summary>Returns the score in the form in which papers give it.</summary>
    public override string ToString()
    {
        var invariant = CultureInfo.InvariantCulture;
        var precisions = string.Join('/', Precisions.Select(p => p.ToString("0.0", invariant)));
        var ratio = ReferenceLength == 0 ? 0 : (double)HypothesisLength / ReferenceLength;
        return string.Create(invariant, $"BLEU = {Score:0.00} {precisions} (BP = {BrevityPenalty:0.000} ratio = {ratio:0.000}"
            + $" hyp_len = {HypothesisLength} ref_len = {ReferenceLength})");
    }
}
