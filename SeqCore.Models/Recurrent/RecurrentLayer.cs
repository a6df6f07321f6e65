using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// The base of stacks of recurrent layers over whole sequences: <see cref="Rnn"/>, <see cref="Lstm"/>, <see cref="Gru"/>, a
/// <see cref="CellLayer"/> that runs a custom cell step by step, or a custom layer whose <see cref="Run"/> takes a whole sequence
/// at once. It combines layers and directions, dropout between layers and the state.
/// <see cref="RecurrentLanguageModelOptions.NewLayer"/> and <see cref="RecurrentEncoderDecoderOptions.NewLayer"/> put a custom
/// one into a model.
/// </summary>
public abstract class RecurrentLayer : Module, ILayer
{
    private readonly RandomGenerator random;

    /// <summary>Makes a stack of the given sizes, without parameters yet.</summary>
    /// <param name="inputSize">The number of features of an input, I, at least 1.</param>
    /// <param name="hiddenSize">The number of hidden units of each layer and direction, H, at least 1.</param>
    /// <param name="random">The generator that draws the masks of dropout and zoneout; its state is part of a checkpoint.</param>
    /// <param name="options">The number of layers, the directions and the regularisation; null for one forward layer.</param>
    /// <exception cref="ArgumentException">A size, count or probability is out of range.</exception>
    protected RecurrentLayer(int inputSize, int hiddenSize, RandomGenerator random, RecurrentLayerOptions? options)
    {
        Argument.AtLeast(inputSize, Kind, nameof(inputSize));
        Argument.AtLeast(hiddenSize, Kind, nameof(hiddenSize));
        ArgumentNullException.ThrowIfNull(random);
        Options = options ?? new RecurrentLayerOptions();
        Options.Check(Kind);
        Options.CheckProjection(Kind, this is Lstm, hiddenSize);
        (InputSize, HiddenSize, this.random) = (inputSize, hiddenSize, Register(random));
        var width = $"{(Options.ProjectionSize > 0 ? "P" : "H")} = {StateSize}";
        OutputSize = SizeLimitException.Product($"{Kind}: a result of {Options.Directions} directions, {width}",
            Options.Directions, StateSize);
        RunCount = SizeLimitException.Product($"{Kind}: a list of {Options.Layers} layers in {Options.Directions} directions",
            Options.Directions, WeightLimit.ForParts(Options.Layers), "Use fewer layers.");
    }

    /// <summary>The number of features of an input, I.</summary>
    public int InputSize { get; }

    /// <summary>The number of hidden units of each layer and direction, H.</summary>
    public int HiddenSize { get; }

    /// <summary>The width of the results: H, or 2H if bidirectional; with a projection P, or 2P.</summary>
    public int OutputSize { get; }

    /// <summary>The number of layers, the directions and the regularisation.</summary>
    public RecurrentLayerOptions Options { get; }

    /// <summary>
    /// The number of variables in the state of one layer in one direction, of which the hidden state is the first; 2 with a cell
    /// state.
    /// </summary>
    public virtual int StateCount => 1;

    /// <summary>Whether there is a cell state beside the hidden state.</summary>
    internal bool HasCell => StateCount > 1;

    /// <summary>The width of the hidden state of each layer and direction: H, or P with a projection.</summary>
    private protected int StateSize => Options.StateSize(HiddenSize);

    /// <summary>The number of layers times the number of directions.</summary>
    private protected int RunCount { get; }

    /// <summary>Runs all layers over all steps.</summary>
    /// <param name="x">
    /// The inputs, shape (B, T, I), T at least 1; (T, B, I) with <see cref="RecurrentLayerOptions.IsTimeFirst"/>.
    /// </param>
    /// <param name="state">The state before the first step; null for 0.</param>
    /// <param name="lengths">
    /// The number of steps of each sequence, shape (B,), in [0, T]; later steps give 0 and do not change the state, and values of
    /// x there, even NaN, do not affect gradients. Null for T in all.
    /// </param>
    /// <returns>
    /// The hidden states of the last layer, shape (B, T, H), or (B, T, 2H) with the forward direction first, where a projection
    /// has P in place of H; and the state at the end. The axes are in the order of those of x.
    /// </returns>
    /// <exception cref="ShapeException">x, a state or the lengths do not have the required shape.</exception>
    public (Variable Output, RecurrentState State) Forward(Variable x, RecurrentState? state = null,
        IndexTensor? lengths = null)
    {
        var isTraining = Options.ActsInTraining ? IsTraining : IsInTraining;
        ArgumentNullException.ThrowIfNull(x);
        CheckArguments(x, state);
        CheckAxes(x.Shape, state, lengths);
        if (Options.IsTimeFirst)
            x = x.Transpose(0, 1);
        var parts = new Variable[StateCount][];
        for (var p = 0; p < parts.Length; p++)
            parts[p] = new Variable[RunCount];
        var directions = new Variable[Options.Directions];
        for (var i = 0; i < RunCount; i++)
        {
            var direction = i % directions.Length;
            var pass = new RecurrentPass
            {
                Reverse = direction == 1,
                Lengths = lengths,
                IsTraining = isTraining,
                KeepHidden = Zoneout(Options.ZoneoutHidden, StateSize, x, isTraining),
                KeepCell = Zoneout(Options.ZoneoutCell, HiddenSize, x, isTraining),
            };
            var results = Run(i, x, state?.Of(i), pass);
            CheckResults(results, x);
            directions[direction] = results[0];
            for (var p = 0; p < parts.Length; p++)
                parts[p][i] = results[p + 1];
            if (direction == directions.Length - 1)
            {
                x = direction == 0 ? directions[0] : Variable.Concat(directions, -1);
                if (i < RunCount - 1)
                    x = BetweenLayers(x, isTraining);
            }
        }

        return (Options.IsTimeFirst ? x.Transpose(0, 1) : x, RecurrentState.FromParts(parts));
    }

    /// <summary>
    /// Runs all layers over all steps from state 0, and returns only the output, shape (B, T, <see cref="OutputSize"/>).
    /// </summary>
    Variable ILayer.Forward(Variable x) => Forward(x).Output;

    /// <summary>Makes the state before the first step, outside every scope; the caller disposes it.</summary>
    /// <param name="batchSize">The number of sequences in a batch, B, at least 1.</param>
    public RecurrentState ZeroState(int batchSize)
    {
        Argument.AtLeast(batchSize, Kind, nameof(batchSize));
        using var suspension = TensorScope.Suspend();
        var backend = Parameters().FirstOrDefault()?.Value.Backend ?? Backend.Default;
        var runs = Enumerable.Range(0, RunCount).Select(i => ZeroState(i, batchSize, backend)).ToArray();
        return RecurrentState.FromParts([.. Enumerable.Range(0, StateCount).Select(p => runs.Select(r => r[p]).ToArray())]);
    }

    /// <summary>Runs one layer in one direction over whole sequences.</summary>
    /// <param name="index">The index l D + d of layer l in direction d, where D is the number of directions.</param>
    /// <param name="x">The inputs, shape (B, T, I), or (B, T, <see cref="OutputSize"/>) above the first layer.</param>
    /// <param name="state">
    /// The state before the first step, <see cref="StateCount"/> variables; null for <see cref="ZeroState(int, int, Backend)"/>.
    /// </param>
    /// <param name="pass">The direction, the lengths, the zoneout and the mode.</param>
    /// <returns>
    /// The output, shape (B, T, H), in the order of the inputs, and then the state at the end, <see cref="StateCount"/>
    /// variables.
    /// </returns>
    protected abstract Variable[] Run(int index, Variable x, IReadOnlyList<Variable>? state, RecurrentPass pass);

    /// <summary>
    /// Makes the state of one layer in one direction before the first step, by default zeros of shape (B, H); the hidden state of
    /// an <see cref="Lstm"/> with a projection has shape (B, P).
    /// </summary>
    /// <param name="index">The index l D + d of layer l in direction d.</param>
    /// <param name="batchSize">The number of sequences in a batch, B.</param>
    /// <param name="backend">The backend on which the state is made.</param>
    /// <returns>The <see cref="StateCount"/> variables of the state.</returns>
    protected virtual IReadOnlyList<Variable> ZeroState(int index, int batchSize, Backend backend) =>
        [.. Enumerable.Range(0, StateCount)
            .Select(p => new Variable(Tensor.Zeros(new Shape(batchSize, p == 0 ? StateSize : HiddenSize), backend)))];

    private Variable BetweenLayers(Variable x, bool isTraining)
    {
        if (!isTraining || Options.Dropout == 0f)
            return x;
        return Options.LockedDropout ? LockedDropout.Apply(x, Options.Dropout, random) : x.Dropout(Options.Dropout, random);
    }

    /// <summary>
    /// Returns the fraction of the previous state that each step keeps: 0 or 1 at random in training, the probability in
    /// evaluation.
    /// </summary>
    private Tensor? Zoneout(float probability, int width, Variable x, bool isTraining)
    {
        if (probability == 0f)
            return null;
        var shape = new Shape(x.Shape[1], x.Shape[0], width);
        if (!isTraining)
            return Tensor.Full(shape, probability, x.Value.Backend);
        using var uniform = Tensor.RandomUniform(shape, random, backend: x.Value.Backend);
        using var isKept = uniform < probability;
        return isKept.ToTensor();
    }

    private void CheckArguments(Variable x, RecurrentState? state)
    {
        var axes = Options.IsTimeFirst ? "T, B" : "B, T";
        if (x.Shape.Rank != 3 || x.Shape[2] != InputSize)
        {
            throw ShapeException.Wrong(Kind, "x", $"({axes}, I) = ({axes}, {InputSize})", x.Shape, null,
                x.Shape.Rank == 2 ? "for one step use the cell; for one sequence add a batch axis with Unsqueeze" : null);
        }

        if (x.Shape[Options.IsTimeFirst ? 0 : 1] == 0)
            throw ShapeException.Wrong(Kind, "x", $"({axes}, I) = ({axes}, {InputSize}) with T at least 1", x.Shape);
        if (state is null)
            return;
        if (state.Hidden.Count != RunCount)
            throw new ArgumentException($"{Kind}: the state should have {Counted.Of(RunCount, "hidden state")}, one"
                + $" for each layer and direction; got {state.Hidden.Count}. Hint: was it made by another model?", nameof(state));
        if (state.Parts.Count == StateCount)
            return;
        throw new ArgumentException((StateCount, state.Parts.Count) switch
        {
            (2, 1) => $"{Kind}: the state has no cell states. Hint: was it made by a Gru or an Rnn?",
            (1, 2) => $"{Kind}: the state has cell states, which only an Lstm knows. Hint: was it made by an Lstm?",
            _ => $"{Kind}: the state of a layer should consist of {Counted.Of(StateCount, "variable")}; got"
                + $" {state.Parts.Count}. Hint: was it made by another model?",
        }, nameof(state));
    }

    /// <summary>
    /// Checks the order of the axes: if lengths or a state are for as many sequences as x has steps, the error suggests that the
    /// axes are swapped.
    /// </summary>
    private void CheckAxes(Shape x, RecurrentState? state, IndexTensor? lengths)
    {
        var (batch, steps) = Options.IsTimeFirst ? (x[1], x[0]) : (x[0], x[1]);
        if (batch == steps)
            return;
        var hint = Options.IsTimeFirst
            ? $"x seems to be batch first, (B, T, I); do not set {nameof(RecurrentLayerOptions)}.{nameof(Options.IsTimeFirst)}"
            : $"x seems to be time first, (T, B, I); set {nameof(RecurrentLayerOptions)}.{nameof(Options.IsTimeFirst)}";
        if (lengths is { Shape.Rank: 1 } && lengths.Shape[0] == steps)
            throw ShapeException.Wrong(Kind, nameof(lengths), $"(B,) = ({batch},)", lengths.Shape, $"x is {x}", hint);
        if (state is not null && state.Hidden[0].Shape is { Rank: 2 } hidden && hidden[0] == steps)
            throw ShapeException.Wrong(Kind, nameof(state), $"(B, H) = ({batch}, {hidden[1]})", hidden, $"x is {x}", hint);
    }

    /// <summary>Checks the results of a derived layer.</summary>
    private void CheckResults(Variable[] results, Variable x)
    {
        if (results.Length != StateCount + 1)
            throw new InvalidOperationException($"{Kind}: Run should return the output and"
                + $" {Counted.Of(StateCount, "variable")} of state; got {results.Length} in all.");
        var expected = x.Shape.With(-1, StateSize);
        if (!results[0].Shape.Equals(expected))
            throw ShapeException.Wrong(Kind, "the output of Run", $"(B, T, H) = {expected}", results[0].Shape);
    }
}
