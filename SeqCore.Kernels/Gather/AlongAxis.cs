namespace SeqCore.Kernels.Gather;

/// <summary>The layouts of gathering and scattering along an axis, for all devices.</summary>
internal static class AlongAxis
{
    /// <summary>Throws unless the indices have the sizes of the values, except along the axis.</summary>
    internal static void Check(string operation, string name, in StridedSpan values, int axis, in StridedIndices indices)
    {
        Operands.Check(operation, name, values);

        // The elements of indices are as wide as floats, so the same check serves them.
        Operands.Check(operation, nameof(indices), new StridedSpan(indices.Data.AsFloats(), indices.Layout));
        var rank = values.Layout.Rank;
        if (axis < 0 || axis >= rank)
            throw new ArgumentOutOfRangeException(nameof(axis), axis, $"{operation}: {name} has the axes 0 to {rank - 1}.");
        var agree = indices.Layout.Rank == rank;
        for (var i = 0; agree && i < rank; i++)
            agree = i == axis || indices.Layout.Size(i) == values.Layout.Size(i);
        if (!agree)
        {
            throw new ArgumentException($"{operation}: the indices should have the sizes of {name},"
                + $" ({Operands.Sizes(values.Layout)}), except on axis {axis}; got ({Operands.Sizes(indices.Layout)}).");
        }
    }

    /// <summary>
    /// Returns the walk over all indices in row-major order: operand 0 is the first element of an index's line, operand 1 the
    /// index, operand 2 its value, which is contiguous.
    /// </summary>
    internal static StridedPlan Elements(in Layout values, int axis, in Layout indices)
    {
        Span<int> sizes = stackalloc int[indices.Rank];
        Span<int> strides = stackalloc int[indices.Rank];
        for (var i = 0; i < sizes.Length; i++)
        {
            sizes[i] = indices.Size(i);
            strides[i] = i == axis ? 0 : values.Stride(i);
        }

        return StridedPlan.Create([new Layout(sizes, strides), indices, Layout.Contiguous(sizes)]);
    }

    /// <summary>
    /// Returns the walk over the lines along the axis: operand 0 is the first index of a line, operand 1 its first value of the
    /// source, which is contiguous, operand 2 the first element of the line of the table.
    /// </summary>
    internal static StridedPlan Lines(in Layout table, int axis, in Layout indices)
    {
        var source = Like(indices);
        return StridedPlan.Create([Without(indices, axis), Without(source, axis), Without(table, axis)]);
    }

    /// <summary>
    /// Returns the distance between neighbours along the axis in a contiguous tensor with the sizes of a layout.
    /// </summary>
    internal static int ContiguousStride(in Layout layout, int axis) => Like(layout).Stride(axis);

    private static Layout Like(in Layout layout)
    {
        Span<int> sizes = stackalloc int[layout.Rank];
        for (var i = 0; i < sizes.Length; i++)
            sizes[i] = layout.Size(i);
        return Layout.Contiguous(sizes);
    }

    private static Layout Without(in Layout layout, int axis)
    {
        Span<int> sizes = stackalloc int[layout.Rank - 1];
        Span<int> strides = stackalloc int[layout.Rank - 1];
        for (var i = 0; i < sizes.Length; i++)
        {
            var from = i < axis ? i : i + 1;
            sizes[i] = layout.Size(from);
            strides[i] = layout.Stride(from);
        }

        return new Layout(sizes, strides);
    }
}
