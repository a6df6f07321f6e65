namespace SeqCore.Models;

/// <summary>
/// A stack of Elman networks (Elman, "Finding structure in time", Cognitive Science 14, 1990), as PyTorch's RNN:
/// h' = s(W_ih x + b_ih + W_hh h + b_hh), s being <see cref="RecurrentLayerOptions.Nonlinearity"/>.
/// </summary>
/// <param name="inputSize">I, width of the inputs, at least 1.</param>
/// <param name="hiddenSize">H, units of each layer and direction, at least 1.</param>
/// <param name="random">Draws the initial values and the masks of dropout and zoneout.</param>
/// <param name="options">Layers, directions, activations and regularisation; null for PyTorch's defaults.</param>
public sealed class Rnn(int inputSize, int hiddenSize, RandomGenerator random, RecurrentLayerOptions? options = null)
    : FusedRecurrentLayer(FusedCell.Rnn(options), inputSize, hiddenSize, random, options);
