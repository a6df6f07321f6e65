namespace SeqCore.Models;

/// <summary>
/// Luong's general score (Luong, Pham and Manning, "Effective approaches to attention-based neural machine translation",
/// arXiv:1508.04025): score = q' W k. W k is computed once for each source. Parameter: <c>key.weight</c> W (Q, I).
/// </summary>
public sealed class GeneralAttention : ProductAttention
{
    private readonly Linear key;

    /// <summary>An attention with PyTorch's first values.</summary>
    /// <param name="querySize">Q, at least 1.</param>
    /// <param name="keySize">I, at least 1.</param>
    /// <param name="random">Draws the first values.</param>
    public GeneralAttention(int querySize, int keySize, RandomGenerator random) : base(querySize, keySize) =>
        key = Register("key", new Linear(keySize, querySize, random, bias: false));

    /// <inheritdoc/>
    protected override Variable ProjectKeys(Variable keys) => key.Forward(keys);
}
