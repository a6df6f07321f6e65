using SeqCore.Kernels.Cells;

namespace SeqCore.Models;

/// <summary>
/// A stack of long short-term memories with coupled gates, i = 1 - f, which has a quarter fewer parameters than an
/// <see cref="Lstm"/> (Greff et al., "LSTM: A search space odyssey", arXiv:1503.04069, CIFG): gates f, g, o;
/// <see cref="CoupledLstmCell{TGate, TState}"/> has the equations.
/// </summary>
/// <param name="inputSize">The number of features of an input, I, at least 1.</param>
/// <param name="hiddenSize">The number of hidden units of each layer and direction, H, at least 1.</param>
/// <param name="random">The generator that draws the initial values and the masks of dropout and zoneout.</param>
/// <param name="options">The number of layers, the directions and the regularisation; null for one forward layer.</param>
public sealed class CoupledLstm(int inputSize, int hiddenSize, RandomGenerator random, RecurrentLayerOptions? options = null)
    : FusedRecurrentLayer(FusedCell.Of<CoupledLstmCell<SigmoidActivation, TanhActivation>>(), inputSize, hiddenSize, random,
        options);
