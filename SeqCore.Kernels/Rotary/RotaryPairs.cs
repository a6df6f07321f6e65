namespace SeqCore;

/// <summary>Which elements of a head form the pairs that rotary positions turn. R is the number of elements turned.</summary>
public enum RotaryPairs
{
    /// <summary>Element j with element j + R/2, as GPT-NeoX and LLaMA have it: no vector is taken apart.</summary>
    HalfSplit,

    /// <summary>Neighbours 2j and 2j + 1, as the paper has it.</summary>
    Interleaved,
}
