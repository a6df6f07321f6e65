namespace SeqCore.Models;

/// <summary>
/// Luong's concat score (Luong, Pham and Manning, "Effective approaches to attention-based neural machine translation",
/// arXiv:1508.04025): score = v' tanh(W [q; k]). The keys' columns of W are applied once for each source. Memory grows with T S
/// A. Parameters: <c>weight</c> W (A, Q + I), <c>score.weight</c> v (1, A).
/// </summary>
public sealed class ConcatAttention : ScoredAttention
{
    private readonly Parameter weight;
    private readonly Linear score;

    /// <summary>Makes an attention that is initialised as in PyTorch.</summary>
    /// <param name="querySize">The number of features of a query, Q, at least 1.</param>
    /// <param name="keySize">The number of features of a key, I, at least 1.</param>
    /// <param name="attentionSize">The number of units that compare a query with a key, A, at least 1.</param>
    /// <param name="random">The generator that draws the initial values.</param>
    public ConcatAttention(int querySize, int keySize, int attentionSize, RandomGenerator random) : base(querySize, keySize)
    {
        Argument.AtLeast(attentionSize, Kind, nameof(attentionSize));
        ArgumentNullException.ThrowIfNull(random);
        var bound = 1f / MathF.Sqrt((long)querySize + keySize);
        weight = Register("weight",
            Tensor.RandomUniform(WeightLimit.For(Kind, attentionSize, (long)querySize + keySize), random, -bound, bound));
        score = Register("score", new Linear(attentionSize, 1, random, bias: false));
    }

    /// <inheritdoc/>
    protected override Variable ProjectKeys(Variable keys) => keys.Linear(weight.Slice(1, QuerySize, KeySize));

    /// <inheritdoc/>
    protected override Variable Score(Variable query, Variable keys) =>
        AdditiveScore.Of(query.Linear(weight.Slice(1, 0, QuerySize)), keys, score);
}
