namespace SeqCore.Models;

/// <summary>The parts of a <see cref="Rouge"/> score, in [0, 1].</summary>
/// <param name="Precision">The part of the written text that is in the reference.</param>
/// <param name="Recall">The part of the reference that is in the written text.</param>
public readonly record struct RougeScore(double Precision, double Recall)
{
    /// <summary>The harmonic mean of precision and recall.</summary>
    public double F1 => Precision + Recall > 0 ? 2 * Precision * Recall / (Precision + Recall) : 0;
}
