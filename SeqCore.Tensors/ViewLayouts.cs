using SeqCore.Kernels;

namespace SeqCore;

/// <summary>Computes the sizes and strides of views without reading an element.</summary>
internal static class ViewLayouts
{
    /// <summary>
    /// Returns the strides under which the same elements have other sizes, or null if only a copy can have them.
    /// </summary>
    /// <remarks>
    /// Old and new axes are grouped into the smallest groups of equal products. A group of old axes that lies in memory without
    /// gaps, stride_i = size_(i+1) stride_(i+1), can be divided in another way; any other group cannot.
    /// </remarks>
    internal static Layout? Reshape(in Layout layout, ReadOnlySpan<int> sizes)
    {
        if (layout.IsContiguous)
            return Layout.Contiguous(sizes);
        Span<int> oldSizes = stackalloc int[Layout.MaxRank];
        Span<int> oldStrides = stackalloc int[Layout.MaxRank];
        var oldRank = 0;
        for (var i = 0; i < layout.Rank; i++)
        {
            if (layout.Size(i) == 1)
                continue;
            oldSizes[oldRank] = layout.Size(i);
            oldStrides[oldRank++] = layout.Stride(i);
        }

        Span<int> strides = stackalloc int[sizes.Length];
        int oldStart = 0, newStart = 0;
        while (oldStart < oldRank && newStart < sizes.Length)
        {
            int oldEnd = oldStart + 1, newEnd = newStart + 1;
            long oldCount = oldSizes[oldStart], newCount = sizes[newStart];
            while (oldCount != newCount)
            {
                if (newCount < oldCount)
                    newCount *= sizes[newEnd++];
                else
                    oldCount *= oldSizes[oldEnd++];
            }

            for (var i = oldStart; i < oldEnd - 1; i++)
            {
                if (oldStrides[i] != oldSizes[i + 1] * oldStrides[i + 1])
                    return null;
            }

            strides[newEnd - 1] = oldStrides[oldEnd - 1];
            for (var i = newEnd - 2; i >= newStart; i--)
                strides[i] = strides[i + 1] * sizes[i + 1];
            oldStart = oldEnd;
            newStart = newEnd;
        }

        for (var i = newStart; i < sizes.Length; i++)
            strides[i] = 1;
        return new Layout(sizes, strides);
    }

    /// <summary>Reorders axes: axis i of the result is axis order[i] of the layout.</summary>
    internal static Layout Permute(in Layout layout, ReadOnlySpan<int> order)
    {
        Span<int> sizes = stackalloc int[order.Length];
        Span<int> strides = stackalloc int[order.Length];
        for (var i = 0; i < order.Length; i++)
        {
            sizes[i] = layout.Size(order[i]);
            strides[i] = layout.Stride(order[i]);
        }

        return new Layout(sizes, strides);
    }

    /// <summary>
    /// Gives axes of size 1, and missing leading axes, stride 0 and the target's size. The caller has checked that the shapes
    /// broadcast.
    /// </summary>
    internal static Layout Broadcast(in Layout layout, ReadOnlySpan<int> target)
    {
        Span<int> strides = stackalloc int[target.Length];
        strides.Clear();
        for (var i = 1; i <= layout.Rank; i++)
        {
            if (layout.Size(layout.Rank - i) == target[^i])
                strides[^i] = layout.Stride(layout.Rank - i);
        }

        return new Layout(target, strides);
    }

    /// <summary>Changes the size of one axis and multiplies its stride by a step.</summary>
    internal static Layout Slice(in Layout layout, int axis, int length, int step = 1)
    {
        Span<int> sizes = stackalloc int[layout.Rank];
        Span<int> strides = stackalloc int[layout.Rank];
        Read(layout, sizes, strides);
        sizes[axis] = length;
        strides[axis] *= step;
        return new Layout(sizes, strides);
    }

    /// <summary>Returns the layout without one axis.</summary>
    internal static Layout Remove(in Layout layout, int axis)
    {
        Span<int> order = stackalloc int[layout.Rank - 1];
        for (var i = 0; i < order.Length; i++)
            order[i] = i < axis ? i : i + 1;
        return Permute(layout, order);
    }

    /// <summary>Returns the layout with an axis of size 1 inserted before the given position.</summary>
    internal static Layout Insert(in Layout layout, int axis)
    {
        Span<int> sizes = stackalloc int[layout.Rank + 1];
        Span<int> strides = stackalloc int[layout.Rank + 1];
        for (var i = 0; i < sizes.Length; i++)
        {
            var from = i < axis ? i : i - 1;
            sizes[i] = i == axis ? 1 : layout.Size(from);
            strides[i] = i == axis ? 1 : layout.Stride(from);
        }

        return new Layout(sizes, strides);
    }

    /// <summary>Returns the sizes of a layout as a shape.</summary>
    internal static Shape ShapeOf(in Layout layout)
    {
        Span<int> sizes = stackalloc int[layout.Rank];
        for (var i = 0; i < sizes.Length; i++)
            sizes[i] = layout.Size(i);
        return new Shape(sizes);
    }

    /// <summary>Returns whether an element of the memory appears at several positions.</summary>
    internal static bool RepeatsElements(in Layout layout)
    {
        for (var i = 0; i < layout.Rank; i++)
        {
            if (layout.Stride(i) == 0 && layout.Size(i) > 1)
                return true;
        }

        return false;
    }

    private static void Read(in Layout layout, Span<int> sizes, Span<int> strides)
    {
        for (var i = 0; i < layout.Rank; i++)
        {
            sizes[i] = layout.Size(i);
            strides[i] = layout.Stride(i);
        }
    }
}
