namespace SeqCore.Models;

/// <summary>The activations of recurrent layers.</summary>
public enum RecurrentActivation
{
    /// <summary>The hyperbolic tangent.</summary>
    Tanh,

    /// <summary>The rectified linear unit, max(x, 0).</summary>
    Relu,

    /// <summary>The logistic function, 1 / (1 + e^-x).</summary>
    Sigmoid,

    /// <summary>
    /// The piecewise linear function min(max(x / 6 + 1/2, 0), 1), as PyTorch's Hardsigmoid and Keras 3's hard_sigmoid.
    /// </summary>
    HardSigmoid,
}
