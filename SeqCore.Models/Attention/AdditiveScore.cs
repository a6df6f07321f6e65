namespace SeqCore.Models;

/// <summary>Computes v' tanh(q + k), the score that additive and concat attention share.</summary>
internal static class AdditiveScore
{
    /// <param name="query">The projected queries, shape (B, T, A).</param>
    /// <param name="keys">The projected keys, shape (B, S, A).</param>
    /// <param name="v">A linear layer with the weight v, from A to 1.</param>
    /// <returns>The scores, shape (B, T, S).</returns>
    internal static Variable Of(Variable query, Variable keys, Linear v) =>
        v.Forward((query.Unsqueeze(2) + keys.Unsqueeze(1)).Tanh()).Squeeze(-1);
}
