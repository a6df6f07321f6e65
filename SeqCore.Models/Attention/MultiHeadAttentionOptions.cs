namespace SeqCore.Models;

/// <summary>Configuration of a <see cref="MultiHeadAttention"/>; the defaults are PyTorch's.</summary>
public sealed record MultiHeadAttentionOptions
{
    /// <summary>
    /// M, heads of keys and values, a divisor of N (grouped queries, Ainslie et al., arXiv:2305.13245); 0 for N.
    /// </summary>
    public int KeyHeadCount { get; init; }

    /// <summary>I, width of the keys; 0 for D.</summary>
    public int KeySize { get; init; }

    /// <summary>J, width of the values; 0 for D.</summary>
    public int ValueSize { get; init; }

    /// <summary>Probability that a weight is dropped in training, in [0, 1).</summary>
    public float Dropout { get; init; }

    /// <summary>
    /// Turns queries and keys where a sequence attends to itself; owned by the caller, who may give it to many
    /// layers. Null: nothing.
    /// </summary>
    public RotaryPositions? Rotary { get; init; }

    /// <summary>Whether scores fall with the distance by <see cref="AlibiSlopes"/> where a sequence attends to itself.</summary>
    public bool Alibi { get; init; }

    /// <summary>Whether the projections have biases.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>
    /// s: the initial weights of queries, keys and values are N(0, s^2); null for PyTorch's, by Glorot and Bengio.
    /// </summary>
    public float? Deviation { get; init; }

    /// <summary>The same for the projection of the result; null for PyTorch's.</summary>
    public float? OutputDeviation { get; init; }

    /// <summary>
    /// Whether queries, keys and values draw their initial weights one after the other, as layers of their own would.
    /// </summary>
    internal bool DrawsApart { get; init; }
}
