namespace SeqCore.Kernels;

/// <summary>A place in a <see cref="StridedPlan"/>, and how to move from one run along the innermost axis to the next.</summary>
internal unsafe struct StridedWalk
{
    private fixed int index[Layout.MaxRank];
    private fixed int offsets[StridedPlan.MaxOperands];

    /// <summary>Stands at an element of the walk's order.</summary>
    internal StridedWalk(in StridedPlan plan, int element)
    {
        for (var axis = plan.Rank - 1; axis >= 0; axis--)
        {
            (element, index[axis]) = Math.DivRem(element, plan.Size(axis));
            for (var i = 0; i < plan.Operands; i++)
                offsets[i] += index[axis] * plan.Stride(i, axis);
        }
    }

    /// <summary>Where the present element of an operand lies.</summary>
    internal readonly int Offset(int operand) => offsets[operand];

    /// <summary>Elements from here to the end of the innermost axis.</summary>
    internal readonly int Left(in StridedPlan plan) => plan.Rank == 0 ? 1 : plan.Size(plan.Rank - 1) - index[plan.Rank - 1];

    /// <summary>Moves on by elements that do not pass the end of the innermost axis.</summary>
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
