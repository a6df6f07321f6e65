namespace SeqCore.Functions;

/// <summary>
/// Computes y = x with the values of the source written, or added, at the indices. The source broadcasts to the indices' shape.
/// </summary>
internal sealed class ScatterAlongFunction(Variable x, IndexTensor indices, Variable source, int axis, bool adds)
    : Function(x, source)
{
    public override string Name => adds ? "ScatterAddAlong" : "ScatterAlong";

    protected override Tensor Forward() => adds
        ? x.Value.ScatterAddAlong(indices, source.Value, axis)
        : x.Value.ScatterAlong(indices, source.Value, axis);

    /// <summary>
    /// Computes dX = dY, without the elements that were replaced, and dSource = dY at the indices, 0 where another value replaced
    /// this one.
    /// </summary>
    protected override void Backward(Tensor dY)
    {
        if (NeedsGradient(source))
        {
            var dSource = dY.GatherAlong(indices, axis);
            if (!adds)
            {
                using var replaced = Replaced();
                using var all = dSource;
                dSource = all.MaskedFill(replaced, 0f);
            }

            AddGradient(source, dSource);
        }

        if (adds)
            AddGradient(x, dY);
        else if (NeedsGradient(x))
        {
            using var zero = Tensor.Zeros(Shape.Scalar, dY.Backend);
            AddGradient(x, dY.ScatterAlong(indices, zero, axis));
        }
    }

    /// <summary>
    /// Returns true for values that a later one replaced: the number of each value along the axis is scattered in the same way,
    /// and another number is then found at the index of those that did not remain.
    /// </summary>
    private BoolTensor Replaced()
    {
        var sizes = new int[indices.Shape.Rank];
        Array.Fill(sizes, 1);
        var count = indices.Shape[axis];
        sizes[indices.Shape.Axis(axis)] = count;
        using var numbers = IndexTensor.Arange(count, indices.Backend);
        using var column = numbers.Reshape(new Shape(sizes));
        using var order = column.BroadcastTo(indices.Shape);
        using var table = IndexTensor.Uninitialized(x.Shape, indices.Backend);
        using var last = table.ScatterAlong(indices, order, axis);
        using var found = last.GatherAlong(indices, axis);
        return found.NotEqualTo(order);
    }
}
