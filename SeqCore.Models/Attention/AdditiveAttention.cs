namespace SeqCore.Models;

/// <summary>
/// Additive attention (Bahdanau, Cho and Bengio, "Neural machine translation by jointly learning to align and translate",
/// arXiv:1409.0473): score = v' tanh(W q + U k). U k does not depend on the query and is computed once for each source. Memory
/// grows with T S A. Parameters: <c>query.weight</c> W (A, Q), <c>key.weight</c> U (A, I), <c>score.weight</c> v (1, A).
/// </summary>
public sealed class AdditiveAttention : ScoredAttention
{
    private readonly Linear query;
    private readonly Linear key;
    private readonly Linear score;

    /// <summary>Makes an attention that is initialised as in PyTorch.</summary>
    /// <param name="querySize">The number of features of a query, Q, at least 1.</param>
    /// <param name="keySize">The number of features of a key, I, at least 1.</param>
    /// <param name="attentionSize">The number of units that compare a query with a key, A, at least 1.</param>
    /// <param name="random">The generator that draws the initial values.</param>
    public AdditiveAttention(int querySize, int keySize, int attentionSize, RandomGenerator random) : base(querySize, keySize)
    {
        Argument.AtLeast(attentionSize, Kind, nameof(attentionSize));
        query = Register("query", new Linear(querySize, attentionSize, random, bias: false));
        key = Register("key", new Linear(keySize, attentionSize, random, bias: false));
        score = Register("score", new Linear(attentionSize, 1, random, bias: false));
    }

    /// <inheritdoc/>
    protected override Variable ProjectKeys(Variable keys) => key.Forward(keys);

    /// <inheritdoc/>
    protected override Variable Score(Variable query, Variable keys) => AdditiveScore.Of(this.query.Forward(query), keys, score);
}
