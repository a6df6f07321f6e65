namespace SeqCore.Models;

/// <summary>
/// Scaled dot-product attention with one head and no parameters (Vaswani et al., "Attention is all you need", arXiv:1706.03762,
/// equation 1): score = q' k / sqrt(K).
/// </summary>
/// <param name="size">The number of features of queries and keys, K, at least 1.</param>
public sealed class ScaledDotProductAttention(int size) : ProductAttention(size, size)
{
    /// <inheritdoc/>
    protected override float DefaultScale => 1f / MathF.Sqrt(KeySize);
}
