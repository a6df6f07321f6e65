namespace SeqCore;

/// <summary>The activation function that is applied to each element of a product as it is stored.</summary>
public enum Activation
{
    /// <summary>The identity.</summary>
    None,

    /// <summary>max(x, 0)</summary>
    Relu,

    /// <summary>The hyperbolic tangent.</summary>
    Tanh,

    /// <summary>1 / (1 + e^-x)</summary>
    Sigmoid,

    /// <summary>GELU in the tanh approximation.</summary>
    GeluTanh,
}
