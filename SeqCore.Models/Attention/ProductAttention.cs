namespace SeqCore.Models;

/// <summary>
/// The base of attentions whose scores are products q' k with the projected keys. If the weights are not requested, it runs in
/// tiles, with memory linear in T and S.
/// </summary>
public abstract class ProductAttention : ScoredAttention
{
    /// <summary>Makes an attention between vectors of the given sizes.</summary>
    /// <param name="querySize">The number of features of a query, Q, at least 1.</param>
    /// <param name="keySize">The number of features of a key, I, at least 1.</param>
    protected ProductAttention(int querySize, int keySize) : base(querySize, keySize)
    {
    }

    /// <inheritdoc/>
    public sealed override AttentionResult Forward(Variable query, PreparedKeys source, bool returnWeights = false)
    {
        Check(query, source);
        if (returnWeights)
            return base.Forward(query, source, returnWeights);
        var options = source.Options with { Scale = source.Options.Scale ?? DefaultScale };
        query = source.Clear(query);
        var output = Variable.Attention(query.Unsqueeze(1), source.Keys.Unsqueeze(1), source.Values.Unsqueeze(1), options);
        return new AttentionResult(output.Squeeze(1), null);
    }

    /// <inheritdoc/>
    protected sealed override Variable Score(Variable query, Variable keys) => Variable.MatMul(query, keys.Transpose());
}
