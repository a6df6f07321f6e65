using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// One step of time of a recurrent layer, state in and state out: <see cref="RnnCell"/>, <see cref="LstmCell"/>,
/// <see cref="GruCell"/>, or one's own. A derived cell writes <see cref="Step"/> with operations on variables;
/// <see cref="CellLayer"/> runs it over sequences, with lengths, layers one above the other and both directions.
/// </summary>
public abstract class RecurrentCell : Module
{
    /// <summary>Makes a cell of these sizes.</summary>
    /// <param name="inputSize">I, width of the input, at least 1.</param>
    /// <param name="hiddenSize">H, units, at least 1.</param>
    /// <param name="stateCount">
    /// Variables that the state consists of, at least 1: 1 for a hidden state alone, 2 with a cell state.
    /// </param>
    protected RecurrentCell(int inputSize, int hiddenSize, int stateCount = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(hiddenSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(stateCount, 1);
        (InputSize, HiddenSize, StateCount) = (inputSize, hiddenSize, stateCount);
    }

    /// <summary>I, width of the input.</summary>
    public int InputSize { get; }

    /// <summary>H, units.</summary>
    public int HiddenSize { get; }

    /// <summary>Variables that the state consists of, the hidden state first.</summary>
    public int StateCount { get; }

    /// <summary>
    /// Computes what a step needs of the inputs alone, for all steps at once: one large product in place of many small ones. By
    /// default the inputs themselves.
    /// </summary>
    /// <param name="x">Shape (..., I).</param>
    /// <returns>Shape (..., P).</returns>
    public virtual Variable ProjectInputs(Variable x) => x;

    /// <summary>Computes one step.</summary>
    /// <param name="x">Shape (B, P), from <see cref="ProjectInputs"/>; P is I unless that is overridden.</param>
    /// <param name="state">The state before, <see cref="StateCount"/> variables whose first axis is B.</param>
    /// <returns>
    /// The state after, in the same order and shapes. The first, shape (B, H), is the hidden state, which is also the layer's
    /// output.
    /// </returns>
    public abstract IReadOnlyList<Variable> Step(Variable x, IReadOnlyList<Variable> state);

    /// <summary>Makes the state before the first step: by default zeros of shape (B, H).</summary>
    /// <param name="batchSize">B.</param>
    /// <param name="backend">Where it is made; null for the default.</param>
    /// <returns><see cref="StateCount"/> variables.</returns>
    public virtual IReadOnlyList<Variable> ZeroState(int batchSize, Backend? backend = null) =>
        [.. Enumerable.Range(0, StateCount).Select(_ => new Variable(Tensor.Zeros(new Shape(batchSize, HiddenSize), backend)))];

    /// <summary>Adds the axis of time, of one step: (B, I) becomes (B, 1, I).</summary>
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
