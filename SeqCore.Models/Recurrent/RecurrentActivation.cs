namespace SeqCore.Models;

/// <summary>The nonlinearities that recurrent layers can have.</summary>
public enum RecurrentActivation
{
    /// <summary>The hyperbolic tangent.</summary>
    Tanh,

    /// <summary>max(x, 0)</summary>
    Relu,

    /// <summary>1 / (1 + e^-x)</summary>
    Sigmoid,

    /// <summary>min(max(x / 6 + 1/2, 0), 1), as PyTorch's Hardsigmoid and Keras 3's hard_sigmoid.</summary>
    HardSigmoid,
}
