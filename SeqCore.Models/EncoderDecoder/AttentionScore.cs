namespace SeqCore.Models;

/// <summary>The scores by which a recurrent decoder attends to the positions of the source.</summary>
public enum AttentionScore
{
    /// <summary>No attention: the decoder knows the source only by one state, the fixed-vector bottleneck.</summary>
    None,

    /// <summary>The score of <see cref="AdditiveAttention"/>.</summary>
    Additive,

    /// <summary>The score of <see cref="DotAttention"/>.</summary>
    Dot,

    /// <summary>The score of <see cref="GeneralAttention"/>.</summary>
    General,

    /// <summary>The score of <see cref="ConcatAttention"/>.</summary>
    Concat,

    /// <summary>The score of <see cref="ScaledDotProductAttention"/>.</summary>
    ScaledDot,

    /// <summary>
    /// The scores of <see cref="MultiHeadAttention"/>, with grouped queries if there are fewer key heads than query heads.
    /// </summary>
    MultiHead,
}
