namespace SeqCore;

/// <summary>
/// Specifies which elements of a head form the pairs that rotary positions rotate; R is the number of rotated elements.
/// </summary>
public enum RotaryPairs
{
    /// <summary>Pairs element j with element j + R/2, as in GPT-NeoX and LLaMA.</summary>
    HalfSplit,

    /// <summary>Pairs the neighbours 2j and 2j + 1, as in the paper.</summary>
    Interleaved,
}
