namespace SeqCore.Models;

/// <summary>The configuration of a <see cref="MultiHeadAttention"/>; the defaults are PyTorch's.</summary>
public sealed record MultiHeadAttentionOptions
{
    /// <summary>
    /// The number of key and value heads, M, a divisor of N (grouped queries, Ainslie et al., arXiv:2305.13245); 0 for N.
    /// </summary>
    public int KeyHeadCount { get; init; }

    /// <summary>The width of the keys, I; 0 for D.</summary>
    public int KeySize { get; init; }

    /// <summary>The width of the values, J; 0 for D.</summary>
    public int ValueSize { get; init; }

    /// <summary>The number of elements of a head of the values, and so of the result; 0 for D / N, that of the keys.</summary>
    public int ValueHeadSize { get; init; }

    /// <summary>
    /// The cap of the scores, positive and finite, or null for none; <see cref="AttentionOptions.Softcap"/> of a call overrides
    /// it.
    /// </summary>
    public float? Softcap { get; init; }

    /// <summary>
    /// A function that changes the scores, or null for none; <see cref="AttentionOptions.ScoreModification"/> of a call overrides
    /// it. The parameters that it uses are not the layer's: register them in the module that owns the layer, so that they are
    /// trained and saved. Files do not hold the function; <see cref="BlockOptions.NewMixer"/> can make the layer for a block.
    /// In attention to a source that is read again in each step of a decoder, positions of queries do not count the steps.
    /// </summary>
    public ScoreModification? ScoreModification { get; init; }

    /// <summary>The probability that a weight is dropped in training, in [0, 1).</summary>
    public float Dropout { get; init; }

    /// <summary>
    /// The rotary positions that rotate queries and keys in self-attention; the caller owns them and may share them between
    /// layers. Null for none.
    /// </summary>
    public RotaryPositions? Rotary { get; init; }

    /// <summary>Whether scores in self-attention decrease with the distance by <see cref="AlibiSlopes"/>.</summary>
    public bool Alibi { get; init; }

    /// <summary>Whether the projections have biases; true by default.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>
    /// The standard deviation s of the initial weights of queries, keys and values, N(0, s^2); null for PyTorch's initialisation,
    /// by Glorot and Bengio.
    /// </summary>
    public float? Deviation { get; init; }

    /// <summary>
    /// The standard deviation of the initial weights of the output projection; null for PyTorch's initialisation.
    /// </summary>
    public float? OutputDeviation { get; init; }

    /// <summary>
    /// Whether the initial weights of queries, keys and values are drawn one after the other, as in separate layers.
    /// </summary>
    internal bool DrawsSeparately { get; init; }
}
