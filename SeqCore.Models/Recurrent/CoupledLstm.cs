using SeqCore.Kernels.Cells;

namespace SeqCore.Models;

/// <summary>
/// A stack of long short-term memories whose input gate is what the forget gate leaves, i = 1 - f, with a quarter fewer
/// parameters than an <see cref="Lstm"/> (Greff et al., "LSTM: A search space odyssey", arXiv:1503.04069, CIFG): gates f, g, o;
/// <see cref="CoupledLstmCell{TGate, TState}"/> has the equations.
/// </summary>
/// <param name="inputSize">I, width of the inputs, at least 1.</param>
/// <param name="hiddenSize">H, units of each layer and direction, at least 1.</param>
/// <param name="random">Draws the initial values and the masks of dropout and zoneout.</param>
/// <param name="options">Layers, directions and regularisation; null for one layer forwards.</param>
public sealed class CoupledLstm(int inputSize, int hiddenSize, RandomGenerator random, RecurrentLayerOptions? options = null)
    : FusedRecurrentLayer(FusedCell.Of<CoupledLstmCell<SigmoidActivation, TanhActivation>>(), inputSize, hiddenSize, random,
        options);
