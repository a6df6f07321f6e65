namespace SeqCore.Models;

/// <summary>How a recurrent decoder scores the positions of the source.</summary>
public enum AttentionScore
{
    /// <summary>It does not look at them: all that it knows of the source is one state, the fixed-vector bottleneck.</summary>
    None,

    /// <summary><see cref="AdditiveAttention"/></summary>
    Additive,

    /// <summary><see cref="DotAttention"/></summary>
    Dot,

    /// <summary><see cref="GeneralAttention"/></summary>
    General,

    /// <summary><see cref="ConcatAttention"/></summary>
    Concat,

    /// <summary><see cref="ScaledDotProductAttention"/></summary>
    ScaledDot,

    /// <summary>
    /// <see cref="MultiHeadAttention"/>, with grouped queries where there are fewer heads of keys than of queries.
    /// </summary>
    MultiHead,
}
