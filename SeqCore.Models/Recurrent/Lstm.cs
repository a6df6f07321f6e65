using SeqCore.Kernels.Cells;

namespace SeqCore.Models;

/// <summary>
/// A stack of long short-term memories (Hochreiter and Schmidhuber, "Long short-term memory", Neural Computation 9, 1997; the
/// forget gate by Gers, Schmidhuber and Cummins, 2000), as PyTorch's LSTM: gates i, f, g, o;
/// <see cref="LstmCell{TGate, TState}"/> has the equations.
/// </summary>
/// <param name="inputSize">The number of features of an input, I, at least 1.</param>
/// <param name="hiddenSize">The number of hidden units of each layer and direction, H, at least 1.</param>
/// <param name="random">The generator that draws the initial values and the masks of dropout and zoneout.</param>
/// <param name="options">
/// The number of layers, the directions, the activation and the regularisation; null for PyTorch's defaults.
/// </param>
public sealed class Lstm(int inputSize, int hiddenSize, RandomGenerator random, RecurrentLayerOptions? options = null)
    : FusedRecurrentLayer(FusedCell.Lstm(options), inputSize, hiddenSize, random, options);
