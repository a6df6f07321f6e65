namespace SeqCore.Models;

/// <summary>How a Transformer knows the order of its tokens.</summary>
public enum PositionKind
{
    /// <summary>Not at all, but for what a causal mask gives away.</summary>
    None,

    /// <summary><see cref="LearnedPositions"/> added to the embeddings; positions beyond the table do not exist.</summary>
    Learned,

    /// <summary>
    /// <see cref="SinusoidalPositions"/> added to the embeddings, which are multiplied by sqrt(D) before, as in Vaswani et al.
    /// </summary>
    Sinusoidal,

    /// <summary><see cref="RotaryPositions"/>: queries and keys are turned.</summary>
    Rotary,

    /// <summary><see cref="AlibiSlopes"/>: scores fall with the distance.</summary>
    Alibi,
}
