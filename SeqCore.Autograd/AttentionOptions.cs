namespace SeqCore;

/// <summary>
/// Which keys each query may attend to, and how scores are formed. What several members forbid together is forbidden. Query i of
/// T stands at position S - T + i among the S keys, so that the last query sees the last key: a decoder that has cached the keys
/// before passes only its new queries.
/// </summary>
public sealed record AttentionOptions
{
    /// <summary>Every query attends to every key.</summary>
    public static AttentionOptions Full { get; } = new();

    /// <summary>A query attends to no key after its own position.</summary>
    public static AttentionOptions Causal { get; } = new() { IsCausal = true };

    /// <summary>Whether keys after the query's position are hidden.</summary>
    public bool IsCausal { get; init; }

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
