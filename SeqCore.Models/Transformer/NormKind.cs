namespace SeqCore.Models;

/// <summary>How a Transformer normalises.</summary>
public enum NormKind
{
    /// <summary><see cref="Models.LayerNorm"/></summary>
    LayerNorm,

    /// <summary><see cref="Models.RmsNorm"/></summary>
    RmsNorm,
}
