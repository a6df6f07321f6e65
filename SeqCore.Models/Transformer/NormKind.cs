namespace SeqCore.Models;

/// <summary>The kinds of norm in a Transformer.</summary>
public enum NormKind
{
    /// <summary>Layer normalisation, <see cref="Models.LayerNorm"/>.</summary>
    LayerNorm,

    /// <summary>RMS normalisation, <see cref="Models.RmsNorm"/>.</summary>
    RmsNorm,
}
