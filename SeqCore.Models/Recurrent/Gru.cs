using SeqCore.Kernels.Cells;

namespace SeqCore.Models;

/// <summary>
/// A stack of gated recurrent units (Cho et al., "Learning phrase representations using RNN encoder-decoder", arXiv:1406.1078),
/// as PyTorch's GRU: gates r, z, n, with the reset gate after the product; <see cref="GruCell{TGate, TState}"/> has the
/// equations.
/// </summary>
/// <param name="inputSize">The number of features of an input, I, at least 1.</param>
/// <param name="hiddenSize">The number of hidden units of each layer and direction, H, at least 1.</param>
/// <param name="random">The generator that draws the initial values and the masks of dropout and zoneout.</param>
/// <param name="options">
/// The number of layers, the directions, the activation and the regularisation; null for PyTorch's defaults.
/// </param>
/// <example>
/// <code>
/// using var gru = new Gru(inputSize: 3, hiddenSize: 6, new RandomGenerator(seed: 1));
/// using var lengths = IndexTensor.FromArray([5, 2]);         // the second sequence is padded from step 2 on
/// using var scope = new TensorScope();
/// var (output, state) = gru.Forward(Tensor.Ones([2, 5, 3]), lengths: lengths);
/// var last = output.Value[1, 1] - state.Hidden[0].Value[1];
/// Console.WriteLine(last.Abs().Sum().Item());                // 0
/// </code>
/// </example>
public sealed class Gru(int inputSize, int hiddenSize, RandomGenerator random, RecurrentLayerOptions? options = null)
    : FusedRecurrentLayer(FusedCell.Gru(options), inputSize, hiddenSize, random, options);
