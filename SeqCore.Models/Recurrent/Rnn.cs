namespace SeqCore.Models;

/// <summary>
/// A stack of Elman networks (Elman, "Finding structure in time", Cognitive Science 14, 1990), as PyTorch's RNN: h' = s(W_ih x +
/// b_ih + W_hh h + b_hh), where s is <see cref="RecurrentLayerOptions.Nonlinearity"/>.
/// </summary>
/// <param name="inputSize">The number of features of an input, I, at least 1.</param>
/// <param name="hiddenSize">The number of hidden units of each layer and direction, H, at least 1.</param>
/// <param name="random">The generator that draws the initial values and the masks of dropout and zoneout.</param>
/// <param name="options">
/// The number of layers, the directions, the activation and the regularisation; null for PyTorch's defaults.
/// </param>
public sealed class Rnn(int inputSize, int hiddenSize, RandomGenerator random, RecurrentLayerOptions? options = null)
    : FusedRecurrentLayer(FusedCell.Rnn(options), inputSize, hiddenSize, random, options);
