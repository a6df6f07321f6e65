using SeqCore.Functions;
using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// A stack of recurrent layers over whole sequences: what <see cref="Rnn"/>, <see cref="Lstm"/> and <see cref="Gru"/> share. Each
/// layer and direction is one operation with its own back-propagation through time.
/// </summary>
public abstract class RecurrentLayer : Module
{
    private readonly RandomGenerator random;
    private readonly DirectionWeights[] weights;

    /// <summary>Makes the parameters with PyTorch's first values, uniform in [-1/sqrt(H), 1/sqrt(H)).</summary>
    private protected RecurrentLayer(int gates, int inputSize, int hiddenSize, RandomGenerator random, RecurrentLayerOptions? options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(hiddenSize, 1);
        ArgumentNullException.ThrowIfNull(random);
        Options = options ?? new RecurrentLayerOptions();
        Options.Check(Kind);
        (InputSize, HiddenSize, this.random) = (inputSize, hiddenSize, random);
        weights = new DirectionWeights[Options.Layers * Options.Directions];
        for (var i = 0; i < weights.Length; i++)
        {
            var (layer, direction) = (i / Options.Directions, i % Options.Directions);
            weights[i] = MakeWeights(gates, layer == 0 ? inputSize : OutputSize, $"_l{layer}{(direction == 1 ? "_reverse" : "")}");
        }
    }

    /// <summary>I, width of the inputs.</summary>
    public int InputSize { get; }

    /// <summary>H, units of each layer and direction.</summary>
    public int HiddenSize { get; }

    /// <summary>Width of the results: H, or 2H if bidirectional.</summary>
    public int OutputSize => HiddenSize * Options.Directions;

    /// <summary>Form and regularisation.</summary>
    public RecurrentLayerOptions Options { get; }

    /// <summary>Parameters of layer l in direction d at index l D + d.</summary>
    public IReadOnlyList<DirectionWeights> Weights => weights;

    /// <summary>Whether there is a cell state beside the hidden state.</summary>
    internal virtual bool HasCell => false;

    /// <summary>Runs all layers over all steps.</summary>
    /// <param name="x">Shape (B, T, I), T at least 1.</param>
    /// <param name="state">State before the first step; null for 0.</param>
    /// <param name="lengths">Shape (B,): steps of each sequence, in [0, T]; later ones give 0 and leave the state. Null: all T.</param>
    /// <returns>The last layer's hidden states, shape (B, T, H), or (B, T, 2H) forwards before backwards; and the state at the end.</returns>
    /// <exception cref="ShapeException">x, a state or the lengths do not fit.</exception>
    public (Variable Output, RecurrentState State) Forward(Variable x, RecurrentState? state = null, IndexTensor? lengths = null) =>
        Forward(x, state, lengths, isInference: false);

    /// <summary>The same, in inference as in evaluation whatever the mode.</summary>
    internal (Variable Output, RecurrentState State) Forward(Variable x, RecurrentState? state, IndexTensor? lengths, bool isInference)
    {
        var isTraining = IsTraining && !isInference;
        ArgumentNullException.ThrowIfNull(x);
        CheckArguments(x, state);
        var hidden = new Variable[weights.Length];
        var cell = HasCell ? new Variable[weights.Length] : [];
        var directions = new Variable[Options.Directions];
        for (var i = 0; i < weights.Length; i++)
        {
            var direction = i % directions.Length;
            var run = new RecurrentOptions
            {
                Reverse = direction == 1,
                Lengths = lengths,
                KeepHidden = Zoneout(Options.ZoneoutHidden, x, isTraining),
                KeepCell = Zoneout(Options.ZoneoutCell, x, isTraining),
            };
            var results = Run(x, weights[i], RecurrentWeight(weights[i], isTraining), state?.Hidden[i], HasCell ? state?.Cell[i] : null, run);
            (directions[direction], hidden[i]) = (results[0], results[1]);
            if (HasCell)
                cell[i] = results[2];
            if (direction == directions.Length - 1)
            {
                x = direction == 0 ? directions[0] : Variable.Concat(directions, -1);
                if (i < weights.Length - 1)
                    x = BetweenLayers(x, isTraining);
            }
        }

        return (x, new RecurrentState(hidden, cell));
    }

    /// <summary>A state of zeros, outside every scope; the caller disposes it.</summary>
    /// <param name="batchSize">B, at least 1.</param>
    public RecurrentState ZeroState(int batchSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        using var suspension = TensorScope.Suspend();
        return new RecurrentState([.. weights.Select(Zero)], HasCell ? [.. weights.Select(Zero)] : null);

        Variable Zero(DirectionWeights w) => new(Tensor.Zeros(new Shape(batchSize, HiddenSize), w.WeightHh.Value.Backend));
    }

    /// <summary>Runs one layer in one direction: y, hN and, for an LSTM, cN.</summary>
    private protected abstract Variable[] Run(Variable x, DirectionWeights w, Variable weightHh, Variable? h0, Variable? c0, RecurrentOptions options);

    /// <summary>Runs one layer forwards on its kernel, without a tape.</summary>
    internal abstract void Step(Backend backend, in RecurrentArguments arguments, in RecurrentOutputs outputs);

    private DirectionWeights MakeWeights(int gates, int inputSize, string suffix)
    {
        var bound = 1f / MathF.Sqrt(HiddenSize);
        return new DirectionWeights(
            Make("weight_ih", gates * HiddenSize, inputSize),
            Make("weight_hh", gates * HiddenSize, HiddenSize),
            Options.Bias ? Make("bias_ih", gates * HiddenSize) : null,
            Options.Bias ? Make("bias_hh", gates * HiddenSize) : null);

        Parameter Make(string name, params ReadOnlySpan<int> sizes) =>
            Register(name + suffix, Tensor.RandomUniform(new Shape(sizes), random, -bound, bound));
    }

    private Variable RecurrentWeight(DirectionWeights w, bool isTraining) =>
        isTraining && Options.WeightDropout > 0f ? w.WeightHh.Dropout(Options.WeightDropout, random) : w.WeightHh;

    private Variable BetweenLayers(Variable x, bool isTraining)
    {
        if (!isTraining || Options.Dropout == 0f)
            return x;
        return Options.LockedDropout ? LockedDropout.Apply(x, Options.Dropout, random) : x.Dropout(Options.Dropout, random);
    }

    /// <summary>The share of the previous state that each step keeps: 0 or 1 at random in training, the probability in evaluation.</summary>
    private Tensor? Zoneout(float probability, Variable x, bool isTraining)
    {
        if (probability == 0f)
            return null;
        var shape = new Shape(x.Shape[1], x.Shape[0], HiddenSize);
        return isTraining
            ? Tensor.RandomUniform(shape, random, backend: x.Value.Backend) < probability
            : Tensor.Full(shape, probability, x.Value.Backend);
    }

    private void CheckArguments(Variable x, RecurrentState? state)
    {
        if (x.Shape.Rank != 3 || x.Shape[2] != InputSize)
            throw ShapeException.Wrong(Kind, "x", $"(B, T, I) = (B, T, {InputSize})", x.Shape, null, x.Shape.Rank == 2 ? "for one step use the cell, for one sequence Unsqueeze a batch axis" : null);
        if (x.Shape[1] == 0)
            throw ShapeException.Wrong(Kind, "x", $"(B, T, I) = (B, T, {InputSize}) with T at least 1", x.Shape);
        if (state is null)
            return;
        if (state.Hidden.Count != weights.Length)
            throw new ArgumentException($"{Kind}: the state should have {weights.Length} hidden states, one for each layer and direction; got {state.Hidden.Count}. Hint: was it made by another model?", nameof(state));
        if (HasCell && state.Cell.Count == 0)
            throw new ArgumentException($"{Kind}: the state has no cell states. Hint: was it made by a Gru or an Rnn?", nameof(state));
        if (!HasCell && state.Cell.Count > 0)
            throw new ArgumentException($"{Kind}: the state has cell states, which only an Lstm knows. Hint: was it made by an Lstm?", nameof(state));
    }
}
