namespace SeqCore.Kernels.Copy;

/// <summary>
/// A copy where source and destination run along different axes, n along the destination's, m along the source's:
/// destination[j destinationStride + i] = source[i sourceStride + j] for i below n and j below m, once for each index of the
/// other axes.
/// </summary>
internal readonly struct TranspositionPlan
{
    /// <summary>The walk over the other axes; operand 0 is the source, operand 1 the destination.</summary>
    internal readonly StridedPlan Outer;
    internal readonly int N;
    internal readonly int M;
    internal readonly int SourceStride;
    internal readonly int DestinationStride;

    private TranspositionPlan(in StridedPlan plan, int axis)
    {
        var inner = plan.Rank - 1;
        N = plan.Size(inner);
        M = plan.Size(axis);
        SourceStride = plan.Stride(0, inner);
        DestinationStride = plan.Stride(1, axis);
        Outer = StridedPlan.Create([Others(plan, 0, axis), Others(plan, 1, axis)]);
    }

    /// <summary>
    /// Plans a copy between layouts of the same sizes, if it is a transposition whose axes are both long enough for tiles.
    /// </summary>
    internal static bool TryCreate(in Layout source, in Layout destination, int shortest, out TranspositionPlan transposition)
    {
        transposition = default;
        if (source.Count == 0)
            return false;
        var plan = StridedPlan.Create([source, destination]);
        if (plan.Rank < 2 || plan.InnerStride(1) != 1 || plan.InnerStride(0) <= 1 || plan.InnerSize < shortest)
            return false;
        for (var axis = plan.Rank - 2; axis >= 0; axis--)
        {
            if (plan.Stride(0, axis) != 1 || plan.Size(axis) < shortest)
                continue;
            transposition = new TranspositionPlan(plan, axis);
            return true;
        }

        return false;
    }

    private static Layout Others(in StridedPlan plan, int operand, int axis)
    {
        Span<int> sizes = stackalloc int[Layout.MaxRank];
        Span<int> strides = stackalloc int[Layout.MaxRank];
        var rank = 0;
        for (var i = 0; i < plan.Rank - 1; i++)
        {
            if (i == axis)
                continue;
            sizes[rank] = plan.Size(i);
            strides[rank++] = plan.Stride(operand, i);
        }

        return new Layout(sizes[..rank], strides[..rank]);
    }
}
