namespace SeqCore.Kernels.Reduction;

/// <summary>Checks the arguments of reductions, for all devices.</summary>
internal static class ReductionChecks
{
    /// <summary>Returns the result over no elements.</summary>
    internal static float OfNothing(ReductionKind kind) => kind switch
    {
        ReductionKind.Mean => float.NaN,
        ReductionKind.LogSumExp => float.NegativeInfinity,
        ReductionKind.Product => 1f,
        ReductionKind.Max or ReductionKind.Min => throw new ArgumentException($"Reduce: {kind} of no elements is undefined."),
        _ => 0f,
    };

    internal static void Reduce(ReductionKind kind, in StridedSpan x, in StridedSpan y)
    {
        Operands.Check(kind.ToString(), nameof(x), x);
        Operands.CheckResult(kind.ToString(), nameof(y), y);
        var agree = x.Layout.Rank == y.Layout.Rank;
        for (var axis = 0; agree && axis < x.Layout.Rank; axis++)
            agree = y.Layout.Size(axis) == 1 || y.Layout.Size(axis) == x.Layout.Size(axis);
        if (!agree)
        {
            throw new ArgumentException($"{kind}: y should have the sizes of x, ({Operands.Sizes(x.Layout)}),"
                + $" with 1 on the reduced axes; got ({Operands.Sizes(y.Layout)}).");
        }
    }

    /// <summary>
    /// Checks the arguments of ArgMax and returns the walk over the kept axes: operand 0 is x, operand 1 the indices.
    /// </summary>
    internal static StridedPlan ArgMax(in StridedSpan x, int axis, DeviceSpan<int> indices)
    {
        Operands.Check(nameof(ArgMax), nameof(x), x);
        if (axis < 0 || axis >= x.Layout.Rank)
            throw new ArgumentOutOfRangeException(nameof(axis), axis, $"ArgMax: x has the axes 0 to {x.Layout.Rank - 1}.");
        Span<int> sizes = stackalloc int[Layout.MaxRank];
        Span<int> strides = stackalloc int[Layout.MaxRank];
        var rank = 0;
        for (var i = 0; i < x.Layout.Rank; i++)
        {
            if (i == axis)
                continue;
            sizes[rank] = x.Layout.Size(i);
            strides[rank++] = x.Layout.Stride(i);
        }

        var kept = StridedPlan.Create([new Layout(sizes[..rank], strides[..rank]), Layout.Contiguous(sizes[..rank])]);
        Operands.CheckLength(nameof(ArgMax), nameof(indices), indices.Length, kept.Count);
        if (kept.Count > 0 && x.Layout.Size(axis) == 0)
            throw new ArgumentException($"ArgMax: axis {axis} of x has no elements, so there is no largest one.");
        return kept;
    }
}
