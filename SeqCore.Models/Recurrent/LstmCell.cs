using SeqCore.Functions;

namespace SeqCore.Models;

/// <summary>One step of long short-term memory, as PyTorch's LSTMCell; <see cref="Lstm"/> has the source.</summary>
/// <param name="inputSize">I, at least 1.</param>
/// <param name="hiddenSize">H, at least 1.</param>
/// <param name="random">Draws the first values.</param>
/// <param name="bias">Whether there are biases.</param>
public sealed class LstmCell(int inputSize, int hiddenSize, RandomGenerator random, bool bias = true)
    : RecurrentCell(4, inputSize, hiddenSize, random, bias)
{
    /// <summary>One step.</summary>
    /// <param name="x">Shape (B, I).</param>
    /// <param name="state">Hidden and cell state, each of shape (B, H); null for 0.</param>
    /// <returns>The new hidden and cell state, each of shape (B, H).</returns>
    public (Variable Hidden, Variable Cell) Forward(Variable x, (Variable Hidden, Variable Cell)? state = null)
    {
        var results = new LstmFunction(OneStep(x), Weights.WeightIh, Weights.WeightHh, Weights.BiasIh, Weights.BiasHh,
            state?.Hidden, state?.Cell).ApplyMany();
        return (results[1], results[2]);
    }
}
