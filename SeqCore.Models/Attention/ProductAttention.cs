namespace SeqCore.Models;

/// <summary>
/// Attention whose scores are products q' k with what became of the keys. Where the weights are not wanted and values are as wide
/// as queries it runs in tiles, with memory linear in T and S.
/// </summary>
public abstract class ProductAttention : ScoredAttention
{
    /// <summary>Makes an attention between vectors of these sizes.</summary>
    /// <param name="querySize">Q, at least 1.</param>
    /// <param name="keySize">I, at least 1.</param>
    protected ProductAttention(int querySize, int keySize) : base(querySize, keySize)
    {
    }

    /// <inheritdoc/>
    public sealed override AttentionResult Forward(Variable query, PreparedKeys source, bool returnWeights = false)
    {
        Check(query, source);
        if (returnWeights || source.Values.Shape[2] != QuerySize)
            return base.Forward(query, source, returnWeights);
        var options = source.Options with { Scale = source.Options.Scale ?? DefaultScale };
        query = source.Clear(query);
        var output = Variable.Attention(query.Unsqueeze(1), source.Keys.Unsqueeze(1), source.Values.Unsqueeze(1), options);
        return new AttentionResult(output.Squeeze(1), null);
    }

    /// <inheritdoc/>
    protected sealed override Variable Score(Variable query, Variable keys) => Variable.MatMul(query, keys.Transpose());
}
