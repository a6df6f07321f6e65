namespace SeqCore;

/// <summary>
/// Where the queries stand among the keys where their numbers T and S differ: what causal masks, windows and ALiBi count from.
/// The names are those of the corner of the T x S matrix that the causal triangle ends in, as in PyTorch's
/// <c>torch.nn.attention.bias</c>.
/// </summary>
public enum CausalAlignment
{
    /// <summary>
    /// The last query stands at the last key: query i is at position S - T + i. So a decoder that has the keys before passes only
    /// its new queries. Where T is above S, the first T - S queries stand before the first key: with a causal mask they see
    /// nothing and give zeros.
    /// </summary>
    LowerRight,

    /// <summary>
    /// The first query stands at the first key: query i is at position i, as with <c>is_causal</c> of PyTorch's
    /// <c>scaled_dot_product_attention</c> and ONNX's Attention without a past. Where S is above T, a causal mask hides the last
    /// S - T keys from all queries; where T is above S, the last queries see every key.
    /// </summary>
    UpperLeft,
}

/// <summary>
/// Which keys each query may attend to, and how scores are formed. What several members forbid together is forbidden, and a
/// hidden key has no part in results and gradients even if it holds NaN or infinity. Query i of T stands at position S - T + i
/// among the S keys, or at i: see <see cref="Alignment"/>.
/// </summary>
public sealed record AttentionOptions
{
    /// <summary>Every query attends to every key.</summary>
    public static AttentionOptions Full { get; } = new();

    /// <summary>A query attends to no key after its own position, the last query standing at the last key.</summary>
    public static AttentionOptions Causal { get; } = new() { IsCausal = true };

    /// <summary>Whether keys after the query's position are hidden.</summary>
    public bool IsCausal { get; init; }

    /// <summary>
    /// Which ends of queries and keys meet where their numbers differ, for <see cref="IsCausal"/>, <see cref="Window"/> and
    /// <see cref="Slopes"/>. <see cref="CausalAlignment.LowerRight"/> if not set; with as many queries as keys both are the same.
    /// </summary>
    public CausalAlignment Alignment { get; init; }

    /// <summary>
    /// Sliding window: only keys less than this far from the query's position are seen, itself included; 0 for no limit.
    /// </summary>
    public int Window { get; init; }

    /// <summary>Shape (B,): keys of each sequence, in [0, S]; later ones are padding and hidden. Null: all S.</summary>
    public IndexTensor? KeyLengths { get; init; }

    /// <summary>Added to the scores, broadcast to (B, N, T, S); minus infinity hides a key. No gradient flows to it.</summary>
    public Tensor? Bias { get; init; }

    /// <summary>
    /// Which keys may be seen, broadcast to (B, N, T, S): true where a query may attend to the key. The masks of PyTorch's
    /// nn.MultiheadAttention say the opposite, so pass <c>!mask</c>; a mask of 0 and minus infinity goes to <see cref="Bias"/>.
    /// </summary>
    public BoolTensor? Allowed { get; init; }

    /// <summary>
    /// ALiBi, shape (N,): score - slope |distance| for each head (Press, Smith and Lewis, "Train short, test
    /// long", arXiv:2108.12409).
    /// </summary>
    public Tensor? Slopes { get; init; }

    /// <summary>Factor of q k before anything is added, finite; null for 1 / sqrt(K).</summary>
    public float? Scale { get; init; }

    /// <summary>
    /// Probability in [0, 1) that a weight is set to 0 and the others divided by 1 - p; needs <see cref="Random"/>.
    /// </summary>
    public float Dropout { get; init; }

    /// <summary>Draws the weights that are dropped.</summary>
    public RandomGenerator? Random { get; init; }
}
