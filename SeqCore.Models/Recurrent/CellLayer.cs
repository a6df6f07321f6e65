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
            cells[i] = Register($"cell_l{layer}{(direction == 1 ? "_reverse" : "")}", newCell(width)
                ?? throw new ArgumentException($"{Kind}: {nameof(newCell)} returned null.", nameof(newCell)));
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
        var cell = cells[index];
        state ??= cell.ZeroState(x.Shape[0], x.Value.Backend);
        return StepLoop.Run(Kind, x, state, pass, cell.ProjectInputs, Step);

        IReadOnlyList<Variable> Step(Variable input, IReadOnlyList<Variable> before)
        {
            var after = cell.Step(input, before);
            CheckState(cell, after, before);
            return after;
        }
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<Variable> ZeroState(int index, int batchSize, Backend backend) =>
        cells[index].ZeroState(batchSize, backend);

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
