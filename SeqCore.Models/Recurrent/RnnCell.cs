using SeqCore.Functions;
using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>One step of an Elman network, as PyTorch's RNNCell: h' = s(W_ih x + b_ih + W_hh h + b_hh).</summary>
/// <param name="inputSize">I, at least 1.</param>
/// <param name="hiddenSize">H, at least 1.</param>
/// <param name="random">Draws the first values.</param>
/// <param name="nonlinearity">s: hyperbolic tangent or ReLU.</param>
/// <param name="bias">Whether there are biases.</param>
public sealed class RnnCell(int inputSize, int hiddenSize, RandomGenerator random, RnnNonlinearity nonlinearity = RnnNonlinearity.Tanh, bool bias = true)
    : RecurrentCell(1, inputSize, hiddenSize, random, bias)
{
    /// <summary>One step.</summary>
    /// <param name="x">Shape (B, I).</param>
    /// <param name="hidden">Shape (B, H); null for 0.</param>
    /// <returns>The new hidden state, shape (B, H).</returns>
    public Variable Forward(Variable x, Variable? hidden = null) =>
        new RnnFunction(nonlinearity, OneStep(x), Weights.WeightIh, Weights.WeightHh, Weights.BiasIh, Weights.BiasHh, hidden).ApplyMany()[1];
}
