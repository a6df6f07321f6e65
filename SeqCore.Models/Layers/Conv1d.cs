namespace SeqCore.Models;

/// <summary>
/// A convolution of sequences along time, PyTorch's Conv1d with the channels on the last axis. Shapes: x (B, T, I), y (B, T', O),
/// weight (O, I / groups, K), bias (O,).
/// </summary>
/// <example>
/// <code>
/// using var layer = new Conv1d(inputSize: 4, outputSize: 8, kernelSize: 3, new RandomGenerator(seed: 1),
///     new() { Dilation = 2, Padding = Conv1dPadding.Causal });
/// using var scope = new TensorScope();
/// var y = layer.Forward(Tensor.Ones([2, 10, 4]));
/// Console.WriteLine(y.Shape);               // (2, 10, 8)
/// Console.WriteLine(layer.ReceptiveField);  // 5
/// </code>
/// </example>
public sealed class Conv1d : Layer
{
    /// <summary>
    /// Makes a layer that is initialised as in PyTorch: weight and bias uniform in [-1/sqrt(n), 1/sqrt(n)), where n = K I /
    /// groups.
    /// </summary>
    /// <param name="inputSize">The number of channels of an input, I, at least 1 and a multiple of the groups.</param>
    /// <param name="outputSize">The number of channels of an output, O, at least 1 and a multiple of the groups.</param>
    /// <param name="kernelSize">The number of taps of the kernel, K, at least 1.</param>
    /// <param name="random">The generator that draws the initial values.</param>
    /// <param name="options">Stride, dilation, groups and padding; null for <see cref="Conv1dOptions.Default"/>.</param>
    /// <param name="bias">Whether the layer has a bias; true by default.</param>
    public Conv1d(int inputSize, int outputSize, int kernelSize, RandomGenerator random, Conv1dOptions? options = null,
        bool bias = true)
    {
        Argument.AtLeast(inputSize, Kind, nameof(inputSize));
        Argument.AtLeast(outputSize, Kind, nameof(outputSize));
        Argument.AtLeast(kernelSize, Kind, nameof(kernelSize));
        ArgumentNullException.ThrowIfNull(random);
        Options = options ?? Conv1dOptions.Default;
        Argument.AtLeast(Options.Stride, Kind, nameof(Options.Stride));
        Argument.AtLeast(Options.Dilation, Kind, nameof(Options.Dilation));
        Argument.AtLeast(Options.Groups, Kind, nameof(Options.Groups));
        if (Options.Padding.IsSame && Options.Stride != 1)
        {
            throw new ArgumentException($"{Kind}: padding \"same\" keeps the length, which needs stride 1; got stride"
                + $" {Options.Stride}. Hint: use a number, or Conv1dPadding.Causal.", nameof(options));
        }

        if (inputSize % Options.Groups != 0 || outputSize % Options.Groups != 0)
        {
            throw new ArgumentException($"{Kind}: the groups should divide the channels of inputs and outputs; got"
                + $" {Options.Groups} groups, {inputSize} inputs, {outputSize} outputs.", nameof(options));
        }

        var shape = WeightLimit.For(Kind, outputSize, inputSize / Options.Groups, kernelSize);
        var bound = 1f / MathF.Sqrt(shape[1] * (float)kernelSize);
        Weight = Register("weight", Tensor.RandomUniform(shape, random, -bound, bound));
        Bias = bias ? Register("bias", Tensor.RandomUniform(WeightLimit.For(Kind, outputSize), random, -bound, bound)) : null;
    }

    /// <summary>The weight w, shape (O, I / groups, K).</summary>
    public Parameter Weight { get; }

    /// <summary>The bias, shape (O,), or null.</summary>
    public Parameter? Bias { get; }

    /// <summary>Stride, dilation, groups and padding.</summary>
    public Conv1dOptions Options { get; }

    /// <summary>The number of taps of the kernel, K.</summary>
    public int KernelSize => Weight.Shape[2];

    /// <summary>
    /// The number of steps that an output depends on, dilation (K - 1) + 1. A causal convolution needs that many, its own step
    /// included, to compute the next output of a stream.
    /// </summary>
    public int ReceptiveField => Options.ReceptiveField(KernelSize);

    /// <summary>Returns the number of steps of the result of a sequence, 0 if it is shorter than the kernel.</summary>
    public int OutputLength(int length) => Options.OutputLength(length, KernelSize);

    /// <summary>Returns the number of steps of the result of each sequence, shape (B,).</summary>
    public IndexTensor OutputLengths(IndexTensor lengths) => Options.OutputLengths(lengths, KernelSize);

    /// <inheritdoc/>
    /// <exception cref="ShapeException">x does not have shape (B, T, I).</exception>
    public override Variable Forward(Variable x) => Forward(x, null);

    /// <summary>Convolves sequences of different lengths; see <see cref="Variable.Conv1d"/>.</summary>
    /// <param name="x">The sequences, shape (B, T, I).</param>
    /// <param name="lengths">The number of steps of each sequence, shape (B,); null for T.</param>
    /// <exception cref="ShapeException">x or the lengths do not have the required shape.</exception>
    public Variable Forward(Variable x, IndexTensor? lengths)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Conv1d(Weight, Bias, Options, lengths);
    }
}
