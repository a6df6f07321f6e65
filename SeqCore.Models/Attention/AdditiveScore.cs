namespace SeqCore.Models;

/// <summary>v' tanh(q + k), the score that additive and concat attention share.</summary>
internal static class AdditiveScore
{
    /// <param name="query">Shape (B, T, A).</param>
    /// <param name="keys">Shape (B, S, A).</param>
    /// <param name="v">A to 1.</param>
    /// <returns>Shape (B, T, S).</returns>
    internal static Variable Of(Variable query, Variable keys, Linear v) =>
        v.Forward((query.Unsqueeze(2) + keys.Unsqueeze(1)).Tanh()).Squeeze(-1);
}
