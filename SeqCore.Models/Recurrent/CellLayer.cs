using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// Runs a <see cref="RecurrentCell"/>, custom or built-in, over whole sequences: stacked layers, both directions, lengths,
/// dropout and zoneout as in <see cref="Lstm"/>. It is composed step by step on the tape, so it is slower than a layer that is
/// one operation. Parts: <c>cell_l0</c>, <c>cell_l0_reverse</c>, <c>cell_l1</c> and so on.
/// </summary>
public sealed class CellLayer : RecurrentLayer
{
    private readonly RecurrentCell[] cells;

    /// <summary>Makes a stack of cells.</summary>
    /// <param name="inputSize">The number of features of an input, I, at least 1.</param>
    /// <param name="hiddenSize">The number of hidden units of each cell, H, at least 1.</param>
    /// <param name="newCell">Makes the cell of one layer and direction for inputs of the given width.</param>
    /// <param name="random">The generator that draws the masks of dropout and zoneout; its state is part of a checkpoint.</param>
    /// <param name="options">
    /// The number of layers, the directions and the regularisation; options of the cell itself keep their defaults.
    /// </param>
    /// <exception cref="ArgumentException">
    /// A size or probability is out of range, an option needs support from the cell, or a cell has the wrong sizes.
    /// </exception>
    public CellLayer(int inputSize, int hiddenSize, Func<int, RecurrentCell> newCell, RandomGenerator random,
        RecurrentLayerOptions? options = null)
        : base(inputSize, hiddenSize, random, options)
    {
        ArgumentNullException.ThrowIfNull(newCell);
        Options.CheckNoCell(Kind);
        cells = new RecurrentCell[RunCount];
        for (var i = 0; i < cells.Length; i++)
        {
            var (layer, direction) = (i / Options.Directions, i % Options.Directions);
            var width = layer == 0 ? inputSize : OutputSize;
            cells[i] = Register($"cell_l{layer}{(direction == 1 ? "_reverse" : "")}", newCell(width));
            if (cells[i].InputSize != width || cells[i].HiddenSize != hiddenSize || cells[i].StateCount != cells[0].StateCount)
            {
                throw new ArgumentException(
                    $"{Kind}: the cell of layer {layer} should have inputs of {width}, {Counted.Of(hiddenSize, "unit")} and "
                    + $"{Counted.Of(cells[0].StateCount, "variable")} of state; "
                    + $"got {cells[i].InputSize}, {cells[i].HiddenSize} and {cells[i].StateCount}.", nameof(newCell));
            }
        }

        if (Options.ZoneoutCell > 0f && StateCount < 2)
            throw new ArgumentException($"{Kind}: {nameof(Options.ZoneoutCell)} needs a cell with a cell state; {cells[0].Kind} "
                + "has a hidden state alone.", nameof(options));
    }

    /// <summary>The cells; the cell of layer l in direction d is at index l D + d.</summary>
    public IReadOnlyList<RecurrentCell> Cells => cells;

    /// <inheritdoc/>
    public override int StateCount => cells[0].StateCount;

    /// <inheritdoc/>
    protected override Variable[] Run(int index, Variable x, IReadOnlyList<Variable>? state, RecurrentPass pass)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(pass);
        var (cell, backend, steps) = (cells[index], x.Value.Backend, x.Shape[1]);
        state ??= cell.ZeroState(x.Shape[0], backend);
        Variable zero = Tensor.Zeros(Shape.Scalar, backend);
        var exists = pass.Lengths is null ? null : Exists(pass.Lengths, x.Shape);

        // The contents of the padding affect nothing, not even as 0 times NaN.
        var inputs = cell.ProjectInputs(exists is null ? x : Variable.Where(exists.Unsqueeze(2), x, zero));
        var outputs = new Variable[steps];
        for (var i = 0; i < steps; i++)
        {
            var t = pass.Reverse ? steps - 1 - i : i;
            var next = cell.Step(inputs.Select(1, t), state);
            CheckState(cell, next, state);
            next = Keep(next, state, pass, t);
            outputs[t] = next[0];
            if (exists is not null)
            {
                var isStep = exists.Slice(1, t, 1);
                next = [.. next.Select((after, p) => Variable.Where(Spread(isStep, after.Shape), after, state[p]))];
                outputs[t] = Variable.Where(isStep, outputs[t], zero);
            }

            state = next;
        }

        return [Variable.Stack(outputs, 1), .. state];
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<Variable> ZeroState(int index, int batchSize, Backend backend) =>
        cells[index].ZeroState(batchSize, backend);

    /// <summary>Applies zoneout: each unit of the hidden and cell state keeps a fraction of its previous value.</summary>
    private static IReadOnlyList<Variable> Keep(IReadOnlyList<Variable> after, IReadOnlyList<Variable> before,
        RecurrentPass pass, int t)
    {
        if (pass is { KeepHidden: null, KeepCell: null })
            return after;
        var kept = after.ToArray();
        Mix(0, pass.KeepHidden);
        Mix(1, pass.KeepCell);
        return kept;

        void Mix(int part, Tensor? share)
        {
            if (share?.Select(0, t) is { } keep)
                kept[part] = (before[part] * keep) + (after[part] * (1f - keep));
        }
    }

    /// <summary>Makes a mask that is true where a step lies within its sequence, shape (B, T), on the device.</summary>
    private BoolTensor Exists(IndexTensor lengths, Shape x)
    {
        if (lengths.Shape.Rank != 1 || lengths.Shape[0] != x[0])
            throw ShapeException.Wrong(Kind, nameof(lengths), $"(B,) = ({x[0]},)", lengths.Shape, $"x is {x}");
        return BoolTensor.LengthMask(lengths, x[1]);
    }

    /// <summary>Reshapes a mask of shape (B, 1) to as many axes as a variable of the state.</summary>
    private static BoolTensor Spread(BoolTensor isStep, Shape shape) =>
        isStep.Reshape(new Shape([shape[0], .. Enumerable.Repeat(1, shape.Rank - 1)]));

    private void CheckState(RecurrentCell cell, IReadOnlyList<Variable> after, IReadOnlyList<Variable> before)
    {
        if (after.Count != StateCount)
            throw new InvalidOperationException($"{cell.Kind}: Step should return"
                + $" {Counted.Of(StateCount, "variable")} of state; got {after.Count}.");
        for (var p = 0; p < after.Count; p++)
        {
            if (!after[p].Shape.Equals(before[p].Shape))
                throw ShapeException.Wrong(cell.Kind, $"variable {p} of the state that Step returned",
                    before[p].Shape.ToString(), after[p].Shape, "so it was before the step");
        }
    }
}
