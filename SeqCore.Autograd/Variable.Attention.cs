using SeqCore.Functions;

namespace SeqCore;

public partial class Variable
{
    /// <summary>
    /// Scaled dot-product attention, softmax(q k' scale + bias) v (Vaswani et al., "Attention is all you need", arXiv:1706.03762,
    /// equation 1), in tiles with an online softmax: memory is linear in T and S. A query that may attend to nothing gives zeros.
    /// </summary>
    /// <param name="query">Shape (B, N, T, K).</param>
    /// <param name="key">
    /// Shape (B, M, S, K); N is a multiple of M, and N / M neighbouring query heads share one (grouped queries).
    /// </param>
    /// <param name="value">Shape (B, M, S, K).</param>
    /// <param name="options">What is hidden, and how; null for <see cref="AttentionOptions.Full"/>.</param>
    /// <returns>Shape (B, N, T, K).</returns>
    /// <exception cref="ShapeException">A shape is not as above.</exception>
    /// <exception cref="ArgumentException">A key length is not in [0, S].</exception>
    /// <remarks>Masks and lengths are read again by the backward pass, so they should live as long as the tape.</remarks>
    public static Variable Attention(Variable query, Variable key, Variable value, AttentionOptions? options = null) =>
        new AttentionFunction(query, key, value, options ?? AttentionOptions.Full).Apply();

    /// <summary>
    /// The same by its definition, with the whole T x S matrix of weights, which it returns: for looking at, and as the oracle of
    /// <see cref="Attention"/>. A query that may attend to nothing has weights of 0.
    /// </summary>
    /// <returns>The result, shape (B, N, T, K), and the weights before dropout, shape (B, N, T, S).</returns>
    /// <exception cref="ShapeException">A shape is not as for <see cref="Attention"/>.</exception>
    public static (Variable Output, Variable Weights) AttentionWithWeights(Variable query, Variable key, Variable value,
        AttentionOptions? options = null) =>
        AttentionDefinition.Compute(query, key, value, options ?? AttentionOptions.Full);

    /// <summary>
    /// <see cref="Attention"/> of a sequence to itself, from the packed result of one linear layer, without copying the heads
    /// apart. This is q, k and v side by side, shape (B, T, (N + 2 M) K).
    /// </summary>
    /// <param name="headCount">N, heads of the queries.</param>
    /// <param name="options">What is hidden, and how; null for <see cref="AttentionOptions.Full"/>.</param>
    /// <param name="keyHeadCount">M, heads of keys and values; 0 for N.</param>
    /// <returns>The heads side by side, shape (B, T, N K).</returns>
    /// <exception cref="ShapeException">The last axis is not as above.</exception>
    public Variable SelfAttention(int headCount, AttentionOptions? options = null, int keyHeadCount = 0) =>
        new SelfAttentionFunction(this, headCount, keyHeadCount == 0 ? headCount : keyHeadCount,
            options ?? AttentionOptions.Full).Apply();
}
