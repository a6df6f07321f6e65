namespace SeqCore.Models;

/// <summary>How a Transformer represents the order of its tokens.</summary>
public enum PositionKind
{
    /// <summary>No positions: the model knows only what a causal mask reveals.</summary>
    None,

    /// <summary>
    /// Learned vectors, <see cref="LearnedPositions"/>, added to the embeddings; there are no positions beyond the table.
    /// </summary>
    Learned,

    /// <summary>
    /// Sinusoids, <see cref="SinusoidalPositions"/>, added to the embeddings, which are first multiplied by sqrt(D), as in
    /// Vaswani et al.
    /// </summary>
    Sinusoidal,

    /// <summary>Rotary positions, <see cref="RotaryPositions"/>, which rotate queries and keys.</summary>
    Rotary,

    /// <summary>ALiBi, <see cref="AlibiSlopes"/>, with which scores decrease with the distance.</summary>
    Alibi,
}
