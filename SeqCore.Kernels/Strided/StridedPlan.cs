namespace SeqCore.Kernels;

/// <summary>
/// The common walk over several operands of the same sizes: axes of size 1 are dropped, the others are ordered so that the last
/// operand (the result) is written in the order of its memory, and axes that are contiguous in every operand are merged.
/// </summary>
internal unsafe struct StridedPlan
{
    internal const int MaxOperands = 6;

    private fixed int sizes[Layout.MaxRank];
    private fixed int strides[Layout.MaxRank * MaxOperands];

    internal int Rank { get; private set; }

    internal int Operands { get; private set; }

    internal int Count { get; private set; }

    /// <summary>The number of elements along the innermost axis; 1 for a single element.</summary>
    internal readonly int InnerSize => Rank == 0 ? 1 : sizes[Rank - 1];

    internal readonly int Size(int axis) => sizes[axis];

    internal readonly int Stride(int operand, int axis) => strides[operand * Layout.MaxRank + axis];

    internal readonly int InnerStride(int operand) => Rank == 0 ? 1 : Stride(operand, Rank - 1);

    /// <summary>Returns whether an operand's elements are in the order of the walk without gaps.</summary>
    internal readonly bool IsContiguous(int operand)
    {
        var expected = 1;
        for (var axis = Rank - 1; axis >= 0; axis--)
        {
            if (Stride(operand, axis) != expected)
                return false;
            expected *= sizes[axis];
        }

        return true;
    }

    /// <summary>Plans a walk; every layout has the sizes of the first.</summary>
    internal static StridedPlan Create(ReadOnlySpan<Layout> layouts)
    {
        var plan = new StridedPlan { Operands = layouts.Length, Count = layouts[0].Count };
        Span<int> order = stackalloc int[Layout.MaxRank];
        var rank = 0;
        for (var axis = 0; axis < layouts[0].Rank; axis++)
        {
            if (layouts[0].Size(axis) != 1)
                order[rank++] = axis;
        }

        Sort(order[..rank], layouts);
        foreach (var axis in order[..rank])
            plan.Append(axis, layouts);
        return plan;
    }

    // A stable insertion sort by falling strides of the result and, if they are equal (a broadcast), of the first operand.
    private static void Sort(Span<int> axes, ReadOnlySpan<Layout> layouts)
    {
        for (var i = 1; i < axes.Length; i++)
        {
            var axis = axes[i];
            var j = i;
            for (; j > 0 && IsOutside(axis, axes[j - 1], layouts); j--)
                axes[j] = axes[j - 1];
            axes[j] = axis;
        }
    }

    private static bool IsOutside(int axis, int other, ReadOnlySpan<Layout> layouts)
    {
        var difference = layouts[^1].Stride(axis).CompareTo(layouts[^1].Stride(other));
        return difference != 0 ? difference > 0 : layouts[0].Stride(axis) > layouts[0].Stride(other);
    }

    private void Append(int axis, ReadOnlySpan<Layout> layouts)
    {
        var size = layouts[0].Size(axis);
        var merges = Rank > 0;
        for (var i = 0; i < Operands && merges; i++)
            merges = Stride(i, Rank - 1) == (long)layouts[i].Stride(axis) * size;
        if (merges)
            sizes[Rank - 1] *= size;
        else
            sizes[Rank++] = size;
        for (var i = 0; i < Operands; i++)
            strides[i * Layout.MaxRank + Rank - 1] = layouts[i].Stride(axis);
    }
}
