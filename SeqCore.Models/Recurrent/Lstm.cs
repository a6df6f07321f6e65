using SeqCore.Kernels.Cells;

namespace SeqCore.Models;

/// <summary>
/// A stack of long short-term memories (Hochreiter and Schmidhuber, "Long short-term memory", Neural Computation 9, 1997; the
/// forget gate by Gers, Schmidhuber and Cummins, 2000), as PyTorch's LSTM: gates i, f, g, o;
/// <see cref="LstmCell{TGate, TState}"/> has the equations.
/// </summary>
/// <param name="inputSize">I, width of the inputs, at least 1.</param>
/// <param name="hiddenSize">H, units of each layer and direction, at least 1.</param>
/// <param name="random">Draws the initial values and the masks of dropout and zoneout.</param>
/// <param name="options">Layers, directions, activations and regularisation; null for PyTorch's defaults.</param>
public sealed class Lstm(int inputSize, int hiddenSize, RandomGenerator random, RecurrentLayerOptions? options = null)
    : FusedRecurrentLayer(FusedCell.Lstm(options), inputSize, hiddenSize, random, options);
