using SeqCore.Autograd;

namespace SeqCore.Models;

/// <summary>
/// Scaled dot-product attention with one head and no parameters (Vaswani et al., "Attention is all you need", arXiv:1706.03762,
/// equation 1): score = q' k / sqrt(K). Where the weights are not wanted and values are as wide as keys it runs in tiles, with memory
/// linear in T and S.
/// </summary>
/// <param name="size">K, width of queries and keys, at least 1.</param>
public sealed class ScaledDotProductAttention(int size) : ScoredAttention(size, size)
{
    /// <inheritdoc/>
    protected override float DefaultScale => 1f / MathF.Sqrt(KeySize);

    /// <inheritdoc/>
    public override AttentionResult Forward(Variable query, PreparedKeys source, bool returnWeights = false)
    {
        Check(query, source);
        if (returnWeights || source.Values.Shape[2] != KeySize)
            return base.Forward(query, source, returnWeights);
        var output = Variable.Attention(query.Unsqueeze(1), source.Keys.Unsqueeze(1), source.Values.Unsqueeze(1), source.Options);
        return new AttentionResult(output.Squeeze(1), null);
    }

    /// <inheritdoc/>
    protected override Variable Score(Variable query, Variable keys) => Variable.MatMul(query, keys.Transpose());
}
