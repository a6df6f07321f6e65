using SeqCore.Functions;

namespace SeqCore.Models;

/// <summary>One step of gated recurrent units, as PyTorch's GRUCell; <see cref="Gru"/> has the source.</summary>
/// <param name="inputSize">I, at least 1.</param>
/// <param name="hiddenSize">H, at least 1.</param>
/// <param name="random">Draws the first values.</param>
/// <param name="bias">Whether there are biases.</param>
public sealed class GruCell(int inputSize, int hiddenSize, RandomGenerator random, bool bias = true)
    : RecurrentCell(3, inputSize, hiddenSize, random, bias)
{
    /// <summary>One step.</summary>
    /// <param name="x">Shape (B, I).</param>
    /// <param name="hidden">Shape (B, H); null for 0.</param>
    /// <returns>The new hidden state, shape (B, H).</returns>
    public Variable Forward(Variable x, Variable? hidden = null) =>
        new GruFunction(OneStep(x), Weights.WeightIh, Weights.WeightHh, Weights.BiasIh, Weights.BiasHh, hidden).ApplyMany()[1];
}
