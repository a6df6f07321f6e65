namespace SeqCore.Kernels;

/// <summary>A position in a <see cref="StridedPlan"/> that moves from one run along the innermost axis to the next.</summary>
internal unsafe struct StridedWalk
{
    private fixed int index[Layout.MaxRank];
    private fixed int offsets[StridedPlan.MaxOperands];

    /// <summary>Starts at an element in the order of the walk.</summary>
    internal StridedWalk(in StridedPlan plan, int element)
    {
        for (var axis = plan.Rank - 1; axis >= 0; axis--)
        {
            (element, index[axis]) = Math.DivRem(element, plan.Size(axis));
            for (var i = 0; i < plan.Operands; i++)
                offsets[i] += index[axis] * plan.Stride(i, axis);
        }
    }

    /// <summary>Returns the offset of the current element of an operand.</summary>
    internal readonly int Offset(int operand) => offsets[operand];

    /// <summary>Returns the number of elements from here to the end of the innermost axis.</summary>
    internal readonly int Left(in StridedPlan plan) => plan.Rank == 0 ? 1 : plan.Size(plan.Rank - 1) - index[plan.Rank - 1];

    /// <summary>Moves by a number of elements that does not exceed the end of the innermost axis.</summary>
    internal void Move(in StridedPlan plan, int elements)
    {
        var axis = plan.Rank - 1;
        if (axis < 0)
            return;
        index[axis] += elements;
        for (var i = 0; i < plan.Operands; i++)
            offsets[i] += elements * plan.Stride(i, axis);
        for (; axis > 0 && index[axis] == plan.Size(axis); axis--)
        {
            index[axis] = 0;
            index[axis - 1]++;
            for (var i = 0; i < plan.Operands; i++)
                offsets[i] += plan.Stride(i, axis - 1) - plan.Size(axis) * plan.Stride(i, axis);
        }
    }
}
