using SeqCore.Kernels.Cells;

namespace SeqCore.Models;

/// <summary>
/// A stack of long short-term memories (Hochreiter and Schmidhuber, "Long short-term memory", Neural Computation 9, 1997; the
/// forget gate by Gers, Schmidhuber and Cummins, 2000), as PyTorch's LSTM: gates i, f, g, o;
/// <see cref="LstmCell{TGate, TState}"/> has the equations.
/// </summary>
/// <remarks>
/// With a <see cref="RecurrentLayerOptions.ProjectionSize"/> P, each step gives h' = W_hr (o tanh(c')), of width P (Sak, Senior
/// and Beaufays, arXiv:1402.1128, LSTMP), as with PyTorch's <c>proj_size</c>. Such a layer has one product for the inputs of all
/// steps, but it is composed step by step on the tape, so it is slower than a layer without a projection that has as many
/// multiplications.
/// </remarks>
/// <param name="inputSize">The number of features of an input, I, at least 1.</param>
/// <param name="hiddenSize">The number of hidden units of each layer and direction, H, at least 1.</param>
/// <param name="random">The generator that draws the initial values and the masks of dropout and zoneout.</param>
/// <param name="options">
/// The number of layers, the directions, the activation and the regularisation; null for PyTorch's defaults.
/// </param>
/// <example>
/// <code>
/// var options = new RecurrentLayerOptions { Layers = 2, Bidirectional = true };
/// using var lstm = new Lstm(inputSize: 8, hiddenSize: 16, new RandomGenerator(seed: 1), options);
/// using var scope = new TensorScope();
/// var (output, state) = lstm.Forward(Tensor.Zeros([4, 10, 8]));   // 4 sequences of 10 steps
/// Console.WriteLine(output.Shape);                                // (4, 10, 32)
/// Console.WriteLine(state.Cell.Count);                            // 4
/// Console.WriteLine(state.Cell[0].Shape);                         // (4, 16)
/// </code>
/// </example>
public sealed class Lstm(int inputSize, int hiddenSize, RandomGenerator random, RecurrentLayerOptions? options = null)
    : FusedRecurrentLayer(FusedCell.Lstm(options), inputSize, hiddenSize, random, options);
