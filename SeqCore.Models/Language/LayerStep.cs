using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// Runs one recurrent layer step by step on its kernel, with two alternating copies of the state: one is read and one written.
/// </summary>
internal sealed class LayerStep : IDisposable
{
    private readonly FusedRecurrentLayer owner;
    private readonly Backend backend;
    private readonly RecurrentShape shape;
    private readonly RecurrentWeights weights;
    private readonly Tensor[] hidden;
    private readonly Tensor[] cell;
    private readonly Tensor? keepHidden;
    private readonly Tensor? keepCell;
    private int current;

    internal LayerStep(FusedRecurrentLayer owner, int layer, int batchSize, Backend backend)
    {
        (this.owner, this.backend) = (owner, backend);
        var w = owner.Weights[layer];
        weights = new RecurrentWeights(w.WeightIh.Value.Span, w.WeightHh.Value.Span, w.BiasIh?.Value.Span ?? default,
            w.BiasHh?.Value.Span ?? default);
        shape = new RecurrentShape(batchSize, 1, w.WeightIh.Shape[1], owner.HiddenSize)
        {
            DiagonalBlocks = owner.Options.DiagonalBlocks,
        };
        var state = new Shape(batchSize, owner.HiddenSize);
        hidden = [Tensor.Zeros(state, backend), Tensor.Zeros(state, backend)];
        cell = owner.HasCell ? [Tensor.Zeros(state, backend), Tensor.Zeros(state, backend)] : [];
        keepHidden = Zoneout(owner.Options.ZoneoutHidden);
        keepCell = Zoneout(owner.Options.ZoneoutCell);

        Tensor? Zoneout(float probability) => probability > 0f ? Tensor.Full(state, probability, backend) : null;
    }

    internal Tensor Hidden => hidden[current];

    internal Tensor? Cell => cell.Length > 0 ? cell[current] : null;

    /// <summary>Runs one step from x, shape (B, I), to the new hidden state, shape (B, H).</summary>
    internal Tensor Run(Tensor x)
    {
        var next = 1 - current;
        owner.Cell.Step(
            backend,
            new RecurrentArguments
            {
                Shape = shape,
                X = SequenceSpan.BatchFirst(x.Span, 1, shape.InputSize),
                Weights = weights,
                H0 = hidden[current].Span,
                C0 = Cell?.Span ?? default,
                KeepHidden = keepHidden?.Span ?? default,
                KeepCell = keepCell?.Span ?? default,
            },
            new RecurrentOutputs(
                SequenceSpan.BatchFirst(hidden[next].Span, 1, shape.HiddenSize),
                default,
                cell.Length > 0 ? cell[next].Span : default));
        current = next;
        return Hidden;
    }

    internal void Reorder(IndexTensor rows)
    {
        Move(Hidden);
        if (Cell is not null)
            Move(Cell);

        void Move(Tensor state)
        {
            using var old = state.Copy();
            backend.Gather(old.Span, rows.Span, state.Span, old.Shape[0], old.Shape[1]);
        }
    }

    internal void Reset()
    {
        backend.Fill(Hidden.Strided, 0f);
        if (Cell is not null)
            backend.Fill(Cell.Strided, 0f);
    }

    internal void Restore(Tensor h, Tensor? c)
    {
        Copy(h, Hidden, "hidden");
        if (c is not null)
            Copy(c, Cell!, "cell");
    }

    public void Dispose()
    {
        foreach (var tensor in hidden.Concat(cell))
            tensor.Dispose();
        keepHidden?.Dispose();
        keepCell?.Dispose();
    }

    private static void Copy(Tensor from, Tensor to, string name)
    {
        if (!from.Shape.Equals(to.Shape))
            throw ShapeException.Wrong(nameof(LanguageModelStream), name, $"(B, H) = {to.Shape}", from.Shape);
        TensorCopy.Into(from, to);
    }
}
