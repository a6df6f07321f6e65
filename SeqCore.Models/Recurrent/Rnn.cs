using SeqCore.Functions;
using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// A stack of Elman networks (Elman, "Finding structure in time", Cognitive Science 14, 1990), as PyTorch's RNN:
/// h' = s(W_ih x + b_ih + W_hh h + b_hh), s being tanh or ReLU.
/// </summary>
/// <param name="inputSize">I, at least 1.</param>
/// <param name="hiddenSize">H, at least 1.</param>
/// <param name="random">Draws the first values and the masks of dropout.</param>
/// <param name="options">Form and regularisation.</param>
public sealed class Rnn(int inputSize, int hiddenSize, RandomGenerator random, RecurrentLayerOptions? options = null)
    : FusedRecurrentLayer(1, inputSize, hiddenSize, random, options)
{
    private protected override Variable[] Apply(Variable x, DirectionWeights w, Variable weightHh, Variable? h0, Variable? c0,
        RecurrentOptions options) =>
        new RnnFunction(Options.Nonlinearity, x, w.WeightIh, weightHh, w.BiasIh, w.BiasHh, h0, options).ApplyMany();

    internal override void Step(Backend backend, in RecurrentArguments arguments, in RecurrentOutputs outputs) =>
        backend.RnnForward(Options.Nonlinearity, arguments, outputs);
}
