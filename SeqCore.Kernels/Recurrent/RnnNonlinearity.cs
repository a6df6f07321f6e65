namespace SeqCore;

/// <summary>The nonlinearity of an Elman network.</summary>
public enum RnnNonlinearity
{
    /// <summary>The hyperbolic tangent.</summary>
    Tanh,

    /// <summary>max(x, 0)</summary>
    Relu,
}
