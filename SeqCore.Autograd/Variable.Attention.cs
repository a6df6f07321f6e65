using SeqCore.Functions;

namespace SeqCore;

public partial class Variable
{
    /// <summary>
    /// Computes scaled dot-product attention, softmax(q k' scale + bias) v (Vaswani et al., "Attention is all you need",
    /// arXiv:1706.03762, equation 1), in tiles with an online softmax: memory is linear in T and S. A query that may attend to
    /// nothing gives zeros. With <see cref="AttentionOptions.Softcap"/>, q k' scale is capped before the bias is added. With
    /// <see cref="AttentionOptions.ScoreModification"/> it is computed by its definition, in memory that grows with T S.
    /// </summary>
    /// <param name="query">The queries, shape (B, N, T, K).</param>
    /// <param name="key">
    /// The keys, shape (B, M, S, K); N is a multiple of M, and N / M adjacent query heads share a key head (grouped queries).
    /// </param>
    /// <param name="value">The values, shape (B, M, S, J).</param>
    /// <param name="options">
    /// The options of attention, which specify what is hidden; null for <see cref="AttentionOptions.Full"/>.
    /// </param>
    /// <returns>The weighted sums of the values, shape (B, N, T, J).</returns>
    /// <exception cref="ShapeException">A tensor does not have the required shape.</exception>
    /// <exception cref="ArgumentException">A key length is not in [0, S].</exception>
    /// <remarks>Masks and lengths are read again by the backward pass, so they should live as long as the tape.</remarks>
    public static Variable Attention(Variable query, Variable key, Variable value, AttentionOptions? options = null) =>
        options?.ScoreModification is null
            ? new AttentionFunction(query, key, value, options ?? AttentionOptions.Full).Apply()
            : AttentionDefinition.Compute(query, key, value, options).Output;

    /// <summary>
    /// Computes attention by its definition and also returns the whole T x S matrix of weights: for inspection, and as the oracle
    /// of <see cref="Attention"/>. A query that may attend to nothing has weights of 0.
    /// </summary>
    /// <returns>The result, shape (B, N, T, J), and the weights before dropout, shape (B, N, T, S).</returns>
    /// <exception cref="ShapeException">A tensor does not have the shape that <see cref="Attention"/> requires.</exception>
    public static (Variable Output, Variable Weights) AttentionWithWeights(Variable query, Variable key, Variable value,
        AttentionOptions? options = null) =>
        AttentionDefinition.Compute(query, key, value, options ?? AttentionOptions.Full);

    /// <summary>
    /// Computes <see cref="Attention"/> of a sequence to itself from the packed result of one linear layer, without copying the
    /// heads. This variable holds q, k and v side by side, shape (B, T, (N + M) K + M J).
    /// </summary>
    /// <param name="headCount">The number of query heads, N.</param>
    /// <param name="options">
    /// The options of attention, which specify what is hidden; null for <see cref="AttentionOptions.Full"/>.
    /// </param>
    /// <param name="keyHeadCount">The number of key and value heads, M; 0 for N.</param>
    /// <param name="valueSize">The number of elements of a head of the values, J; 0 for K.</param>
    /// <returns>The heads side by side, shape (B, T, N J).</returns>
    /// <exception cref="ShapeException">The last axis does not have the required size.</exception>
    public Variable SelfAttention(int headCount, AttentionOptions? options = null, int keyHeadCount = 0, int valueSize = 0)
    {
        keyHeadCount = keyHeadCount == 0 ? headCount : keyHeadCount;
        return options?.ScoreModification is null
            ? new SelfAttentionFunction(this, headCount, keyHeadCount, valueSize, options ?? AttentionOptions.Full).Apply()
            : AttentionDefinition.ComputePacked(this, headCount, keyHeadCount, valueSize, options);
    }
}
