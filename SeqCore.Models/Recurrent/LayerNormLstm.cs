namespace SeqCore.Models;

/// <summary>
/// A layer-normalised LSTM (Ba, Kiros and Hinton, "Layer normalization", arXiv:1607.06450, supplement), gates i, f, g, o: a =
/// LN(W_ih x) + LN(W_hh h) + b, c' = sigmoid(a_f) c + sigmoid(a_i) tanh(a_g), h' = sigmoid(a_o) tanh(LN(c')). It is composed step
/// by step on the tape, so it is slower than <see cref="Lstm"/>.
/// </summary>
public sealed class LayerNormLstm : Module, ILayer
{
    private readonly LayerNorm inputNorm;
    private readonly LayerNorm hiddenNorm;
    private readonly LayerNorm cellNorm;

    /// <summary>Makes one layer, with weights uniform in [-1/sqrt(H), 1/sqrt(H)), bias 0 and norms of weight 1.</summary>
    /// <param name="inputSize">The number of features of an input, I, at least 1.</param>
    /// <param name="hiddenSize">The number of hidden units, H, at least 1.</param>
    /// <param name="random">The generator that draws the initial values.</param>
    public LayerNormLstm(int inputSize, int hiddenSize, RandomGenerator random)
    {
        Argument.AtLeast(inputSize, Kind, nameof(inputSize));
        Argument.AtLeast(hiddenSize, Kind, nameof(hiddenSize));
        ArgumentNullException.ThrowIfNull(random);
        (InputSize, HiddenSize) = (inputSize, hiddenSize);
        var bound = 1f / MathF.Sqrt(hiddenSize);
        Shape ih = WeightLimit.For(Kind, 4L * hiddenSize, inputSize), hh = WeightLimit.For(Kind, 4L * hiddenSize, hiddenSize);
        WeightIh = Register("weight_ih", Tensor.RandomUniform(ih, random, -bound, bound));
        WeightHh = Register("weight_hh", Tensor.RandomUniform(hh, random, -bound, bound));
        Bias = Register("bias", Tensor.Zeros(WeightLimit.For(Kind, 4L * hiddenSize)));
        inputNorm = Register("norm_ih", new LayerNorm(4 * hiddenSize, bias: false));
        hiddenNorm = Register("norm_hh", new LayerNorm(4 * hiddenSize, bias: false));
        cellNorm = Register("norm_c", new LayerNorm(hiddenSize));
    }

    /// <summary>The number of features of an input, I.</summary>
    public int InputSize { get; }

    /// <summary>The number of hidden units, H.</summary>
    public int HiddenSize { get; }

    /// <summary>The weights of the inputs, shape (4H, I).</summary>
    public Parameter WeightIh { get; }

    /// <summary>The recurrent weights, shape (4H, H).</summary>
    public Parameter WeightHh { get; }

    /// <summary>The bias, shape (4H,), which replaces the biases of both norms, since they would only add up.</summary>
    public Parameter Bias { get; }

    /// <summary>Runs the layer over all steps.</summary>
    /// <param name="x">The inputs, shape (B, T, I), T at least 1.</param>
    /// <param name="state">The hidden and cell state before the first step, one of each; null for 0.</param>
    /// <returns>The hidden states, shape (B, T, H), and the state at the end.</returns>
    public (Variable Output, RecurrentState State) Forward(Variable x, RecurrentState? state = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Shape.Rank != 3 || x.Shape[2] != InputSize || x.Shape[1] == 0)
            throw ShapeException.Wrong(Kind, "x", $"(B, T, I) = (B, T, {InputSize})", x.Shape, null, "T should be at least 1");
        if (state is not null && (state.Hidden.Count != 1 || state.Cell.Count != 1))
        {
            throw new ArgumentException($"{Kind}: the state should have one hidden and one cell state;"
                + $" got {state.Hidden.Count} and {state.Cell.Count}.", nameof(state));
        }

        var fromInputs = inputNorm.Forward(x.Linear(WeightIh)) + Bias;
        var h = state?.Hidden[0] ?? Zeros(x);
        var c = state?.Cell[0] ?? Zeros(x);
        var outputs = new Variable[x.Shape[1]];
        for (var t = 0; t < outputs.Length; t++)
        {
            var gates = fromInputs.Select(1, t) + hiddenNorm.Forward(h.Linear(WeightHh));
            c = (Gate(gates, 1).Sigmoid() * c) + (Gate(gates, 0).Sigmoid() * Gate(gates, 2).Tanh());
            h = Gate(gates, 3).Sigmoid() * cellNorm.Forward(c).Tanh();
            outputs[t] = h;
        }

        return (Variable.Stack(outputs, 1), new RecurrentState([h], [c]));
    }

    /// <summary>Runs the layer over all steps from state 0, and returns only the hidden states, shape (B, T, H).</summary>
    Variable ILayer.Forward(Variable x) => Forward(x).Output;

    private Variable Gate(Variable gates, int index) => gates.Slice(1, index * HiddenSize, HiddenSize);

    private Variable Zeros(Variable x) => Tensor.Zeros(new Shape(x.Shape[0], HiddenSize), x.Value.Backend);
}
