namespace SeqCore.Models;

/// <summary>
/// Luong's general score (Luong, Pham and Manning, "Effective approaches to attention-based neural machine translation",
/// arXiv:1508.04025): score = q' W k. W k is computed once for each source. Parameter: <c>key.weight</c> W (Q, I).
/// </summary>
public sealed class GeneralAttention : ProductAttention
{
    private readonly Linear key;

    /// <summary>Makes an attention that is initialised as in PyTorch.</summary>
    /// <param name="querySize">The number of features of a query, Q, at least 1.</param>
    /// <param name="keySize">The number of features of a key, I, at least 1.</param>
    /// <param name="random">The generator that draws the initial values.</param>
    public GeneralAttention(int querySize, int keySize, RandomGenerator random) : base(querySize, keySize) =>
        key = Register("key", new Linear(keySize, querySize, random, bias: false));

    /// <inheritdoc/>
    protected override Variable ProjectKeys(Variable keys) => key.Forward(keys);
}
