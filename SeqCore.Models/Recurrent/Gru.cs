using SeqCore.Functions;
using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// A stack of gated recurrent units (Cho et al., "Learning phrase representations using RNN encoder-decoder", arXiv:1406.1078),
/// as PyTorch's GRU: gates r, z, n, the reset gate after the product; <see cref="Backend.GruForward"/> has the equations.
/// </summary>
/// <param name="inputSize">I, at least 1.</param>
/// <param name="hiddenSize">H, at least 1.</param>
/// <param name="random">Draws the first values and the masks of dropout.</param>
/// <param name="options">Form and regularisation.</param>
public sealed class Gru(int inputSize, int hiddenSize, RandomGenerator random, RecurrentLayerOptions? options = null)
    : FusedRecurrentLayer(3, inputSize, hiddenSize, random, options)
{
    private protected override Variable[] Apply(Variable x, DirectionWeights w, Variable weightHh, Variable? h0, Variable? c0,
        RecurrentOptions options) =>
        new GruFunction(x, w.WeightIh, weightHh, w.BiasIh, w.BiasHh, h0, options).ApplyMany();

    internal override void Step(Backend backend, in RecurrentArguments arguments, in RecurrentOutputs outputs) =>
        backend.GruForward(arguments, outputs);
}
