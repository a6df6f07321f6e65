using SeqCore.Kernels.Cells;

namespace SeqCore.Models;

/// <summary>
/// A stack of gated recurrent units (Cho et al., "Learning phrase representations using RNN encoder-decoder", arXiv:1406.1078),
/// as PyTorch's GRU: gates r, z, n, the reset gate after the product; <see cref="GruCell{TGate, TState}"/> has the equations.
/// </summary>
/// <param name="inputSize">I, width of the inputs, at least 1.</param>
/// <param name="hiddenSize">H, units of each layer and direction, at least 1.</param>
/// <param name="random">Draws the initial values and the masks of dropout and zoneout.</param>
/// <param name="options">Layers, directions, activations and regularisation; null for PyTorch's defaults.</param>
public sealed class Gru(int inputSize, int hiddenSize, RandomGenerator random, RecurrentLayerOptions? options = null)
    : FusedRecurrentLayer(FusedCell.Gru(options), inputSize, hiddenSize, random, options);
