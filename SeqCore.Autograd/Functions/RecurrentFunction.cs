using SeqCore.Kernels;
using SeqCore.Kernels.Cells;

namespace SeqCore.Functions;

/// <summary>
/// Runs one layer of recurrent cells in one direction over a batch of whole sequences as one operation,
/// <see cref="Backend.RecurrentForward{TCell}"/>. The results are y (B, T, H), or (T, B, H) time-first, the last hidden state (B,
/// H), and, if there is a cell state, the last cell state (B, H).
/// </summary>
/// <typeparam name="TCell">
/// The equations of the cell, for example <see cref="LstmCell{TGate, TState}"/>; G is the number of its gates.
/// </typeparam>
/// <param name="x">The inputs, shape (B, T, I), or (T, B, I) time-first.</param>
/// <param name="weightIh">The weights of the inputs, shape (G H, I).</param>
/// <param name="weightHh">
/// The recurrent weights, shape (G H, H), or (G H, H / K) with K <see cref="RecurrentOptions.DiagonalBlocks"/>.
/// </param>
/// <param name="biasIh">The bias of the inputs, shape (G H,), or null for 0.</param>
/// <param name="biasHh">The bias of the hidden state, shape (G H,), or null for 0.</param>
/// <param name="h0">The hidden state before the first step, shape (B, H), or null for 0.</param>
/// <param name="c0">The cell state before the first step, shape (B, H), or null for 0.</param>
/// <param name="options">The options: order of the axes, direction, lengths and zoneout.</param>
public sealed class RecurrentFunction<TCell>(Variable x, Variable weightIh, Variable weightHh, Variable? biasIh = null,
    Variable? biasHh = null, Variable? h0 = null, Variable? c0 = null, RecurrentOptions? options = null)
    : MultiFunction([.. new[] { x, weightIh, weightHh, biasIh, biasHh, h0, c0 }.OfType<Variable>()])
    where TCell : struct, IRecurrentCell
{
    private readonly RecurrentOptions options = options ?? RecurrentOptions.Default;
    private RecurrentShape shape;
    private Tensor? workspace;

    /// <summary>The name of the operation in errors: the cell's name.</summary>
    public override string Name => TCell.Name;

    /// <inheritdoc/>
    protected override Tensor[] ForwardMany()
    {
        CheckShapes();
        var backend = x.Value.Backend;
        if (IsRecorded)
            workspace = Save(Tensor.Uninitialized(new Shape(Backend.RecurrentWorkspace<TCell>(shape)), backend));
        var state = new Shape(shape.Batch, shape.HiddenSize);
        var y = Tensor.Uninitialized(x.Shape.With(-1, shape.HiddenSize), backend);
        var hN = Tensor.Uninitialized(state, backend);
        var cN = TCell.HasCell ? Tensor.Uninitialized(state, backend) : null;
        backend.RecurrentForward<TCell>(Arguments(), new RecurrentOutputs(Sequence(y), hN.Span, SpanOf(cN)));
        return cN is null ? [y, hN] : [y, hN, cN];
    }

    /// <inheritdoc/>
    protected override void BackwardMany(Tensor?[] dY)
    {
        ArgumentNullException.ThrowIfNull(dY);
        var (dX, dH0, dC0) = (GradientOf(x), GradientOf(h0), GradientOf(c0));
        var (dWeightIh, dWeightHh, dBiasIh,
            dBiasHh) = (GradientOf(weightIh), GradientOf(weightHh), GradientOf(biasIh), GradientOf(biasHh));
        x.Value.Backend.RecurrentBackward<TCell>(Arguments(), new RecurrentGradients
        {
            DY = dY[0] is { } dSequence ? Sequence(dSequence) : default,
            DHN = SpanOf(dY[1]),
            DCN = TCell.HasCell ? SpanOf(dY[2]) : default,
            DX = dX is null ? default : Sequence(dX),
            DH0 = SpanOf(dH0),
            DC0 = SpanOf(dC0),
            Weights = new RecurrentWeights(SpanOf(dWeightIh), SpanOf(dWeightHh), SpanOf(dBiasIh), SpanOf(dBiasHh)),
        });
        (Variable? Input, Tensor? Gradient)[] pairs = [(x, dX), (h0, dH0), (c0, dC0), (weightIh, dWeightIh),
            (weightHh, dWeightHh), (biasIh, dBiasIh), (biasHh, dBiasHh)];
        foreach (var (input, gradient) in pairs)
        {
            if (gradient is not null)
                AddGradient(input, gradient);
        }
    }

    private static Tensor? GradientOf(Variable? input) =>
        NeedsGradient(input) ? Tensor.Uninitialized(input!.Shape, input.Value.Backend) : null;

    private static DeviceSpan<float> SpanOf(Tensor? tensor) => tensor is null ? default : tensor.Contiguous().Span;

    private RecurrentArguments Arguments() => new()
    {
        Shape = shape,
        X = Sequence(x.Value),
        Weights = new RecurrentWeights(SpanOf(weightIh.Value), SpanOf(weightHh.Value), SpanOf(biasIh?.Value),
            SpanOf(biasHh?.Value)),
        H0 = SpanOf(h0?.Value),
        C0 = SpanOf(c0?.Value),
        Lengths = options.Lengths?.Span ?? default,
        KeepHidden = SpanOf(options.KeepHidden),
        KeepCell = SpanOf(options.KeepCell),
        Reverse = options.Reverse,
        Workspace = SpanOf(workspace),
    };

    /// <summary>The sequences as a strided view; a copy is made only if the vectors themselves have gaps.</summary>
    private SequenceSpan Sequence(Tensor tensor)
    {
        var strided = (tensor.Shape[2] <= 1 || tensor.Strided.Layout.Stride(2) == 1 ? tensor : tensor.Contiguous()).Strided;
        var (batch, time) = options.TimeFirst ? (1, 0) : (0, 1);
        return new SequenceSpan(strided.Data, strided.Layout.Stride(batch), strided.Layout.Stride(time));
    }

    private void CheckShapes()
    {
        if (x.Shape.Rank != 3)
        {
            throw ShapeException.Wrong(Name, "x", options.TimeFirst ? "(T, B, I)" : "(B, T, I)", x.Shape, null,
                "for one step use the cell; for one sequence add a batch axis with Unsqueeze");
        }

        var (batch, time) = options.TimeFirst ? (1, 0) : (0, 1);
        var blocks = options.DiagonalBlocks;
        var hidden = weightHh.Shape.Rank == 2
            ? SizeLimitException.Product($"{Name}: H, {blocks} blocks of {weightHh.Shape[1]} units,", blocks, weightHh.Shape[1])
            : throw ShapeException.Wrong(Name, "weightHh", WithGates("(G, H)"), weightHh.Shape);
        shape = new RecurrentShape(x.Shape[batch], x.Shape[time], x.Shape[2], hidden) { DiagonalBlocks = blocks };
        var side = TCell.Gates * hidden;
        if (side / TCell.Gates != hidden)
            SizeLimitException.Product($"{Name}: a row of gates, {WithGates("G")} with H = {hidden},", TCell.Gates, hidden);
        Expect("weightHh", weightHh.Shape, blocks == 1 ? "(G, H)" : "(G, H / K)", side, weightHh.Shape[1]);
        Expect("weightIh", weightIh.Shape, "(G, I)", side, shape.InputSize);
        Expect("biasIh", biasIh?.Shape, "(G,)", side);
        Expect("biasHh", biasHh?.Shape, "(G,)", side);
        Expect("h0", h0?.Shape, "(B, H)", shape.Batch, hidden);
        Expect("c0", c0?.Shape, "(B, H)", shape.Batch, hidden);
        Expect("lengths", options.Lengths?.Shape, "(B,)", shape.Batch);
        Expect("keepHidden", options.KeepHidden?.Shape, "(T, B, H)", shape.Steps, shape.Batch, hidden);
        Expect("keepCell", options.KeepCell?.Shape, "(T, B, H)", shape.Steps, shape.Batch, hidden);
        if (options.KeepCell is not null && !TCell.HasCell)
            throw new ArgumentException($"{Name}: this cell has no cell state that zoneout could keep. Use KeepHidden.");
        if (c0 is not null && !TCell.HasCell)
            throw new ArgumentException($"{Name}: this cell has no cell state, so c0 should be null.");
    }

    private string WithGates(string letters) =>
        letters.Replace("G", TCell.Gates == 1 ? "H" : TCell.Gates + "H", StringComparison.Ordinal);

    // The text is made only if there is an error.
    private void Expect(string name, Shape? actual, string letters, params ReadOnlySpan<int> sizes)
    {
        if (actual is not null && !actual.Sizes.SequenceEqual(sizes))
        {
            throw ShapeException.Wrong(Name, name, $"{WithGates(letters)} = {new Shape(sizes)}", actual,
                $"x is {x.Shape} and H = {shape.HiddenSize}", GateHint(actual));
        }
    }

    private string? GateHint(Shape actual)
    {
        foreach (var (other, layer) in ((int, string)[])[(4, "an LSTM"), (3, "a GRU"), (1, "an RNN")])
        {
            if (other != TCell.Gates && actual.Rank > 0 && shape.HiddenSize > 1 && actual[0] == (long)other * shape.HiddenSize
                && actual[0] != shape.Batch)
                return $"{actual[0]} is {other} times H = {shape.HiddenSize}; do these weights belong to {layer}?";
        }

        return null;
    }
}
