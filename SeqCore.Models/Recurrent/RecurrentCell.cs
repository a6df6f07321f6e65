using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// One time step of a recurrent layer, which takes a state and returns the next: <see cref="RnnCell"/>, <see cref="LstmCell"/>,
/// <see cref="GruCell"/>, or a custom cell. A derived cell implements <see cref="Step"/> with operations on variables;
/// <see cref="CellLayer"/> runs it over sequences, with lengths, stacked layers and both directions.
/// </summary>
public abstract class RecurrentCell : Module
{
    /// <summary>Makes a cell of the given sizes.</summary>
    /// <param name="inputSize">I, width of the input, at least 1.</param>
    /// <param name="hiddenSize">H, units, at least 1.</param>
    /// <param name="stateCount">
    /// The number of variables in the state, at least 1: 1 for only a hidden state, 2 with a cell state.
    /// </param>
    protected RecurrentCell(int inputSize, int hiddenSize, int stateCount = 1)
    {
        Argument.AtLeast(inputSize, Kind, nameof(inputSize));
        Argument.AtLeast(hiddenSize, Kind, nameof(hiddenSize));
        Argument.AtLeast(stateCount, Kind, nameof(stateCount));
        (InputSize, HiddenSize, StateCount) = (inputSize, hiddenSize, stateCount);
    }

    /// <summary>The number of features of an input, I.</summary>
    public int InputSize { get; }

    /// <summary>The number of hidden units, H.</summary>
    public int HiddenSize { get; }

    /// <summary>The number of variables in the state, of which the hidden state is the first.</summary>
    public int StateCount { get; }

    /// <summary>
    /// Computes what a step needs of the inputs alone, for all steps at once: one large product instead of many small ones.
    /// Returns the inputs themselves by default.
    /// </summary>
    /// <param name="x">The inputs, shape (..., I).</param>
    /// <returns>The projected inputs, shape (..., P).</returns>
    public virtual Variable ProjectInputs(Variable x) => x;

    /// <summary>Computes one time step.</summary>
    /// <param name="x">The inputs from <see cref="ProjectInputs"/>, shape (B, P); P is I unless that is overridden.</param>
    /// <param name="state">The state before the step, <see cref="StateCount"/> variables whose first axis is B.</param>
    /// <returns>
    /// The state after the step, in the same order and shapes. The first variable, shape (B, H), is the hidden state, which is
    /// also the layer's output.
    /// </returns>
    public abstract IReadOnlyList<Variable> Step(Variable x, IReadOnlyList<Variable> state);

    /// <summary>Makes the state before the first step, by default zeros of shape (B, H).</summary>
    /// <param name="batchSize">The number of sequences in a batch, B.</param>
    /// <param name="backend">The backend on which the state is made; null for the default.</param>
    /// <returns>The <see cref="StateCount"/> variables of the state.</returns>
    public virtual IReadOnlyList<Variable> ZeroState(int batchSize, Backend? backend = null) =>
        [.. Enumerable.Range(0, StateCount).Select(_ => new Variable(Tensor.Zeros(new Shape(batchSize, HiddenSize), backend)))];

    /// <summary>Adds a time axis of one step: (B, I) becomes (B, 1, I).</summary>
    private protected Variable OneStep(Variable x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Shape.Rank != 2 || x.Shape[1] != InputSize)
        {
            throw ShapeException.Wrong(Kind, "x", $"(B, I) = (B, {InputSize})", x.Shape, null,
                x.Shape.Rank == 3 ? "for whole sequences use the layer" : null);
        }

        return x.Reshape(x.Shape[0], 1, InputSize);
    }
}
