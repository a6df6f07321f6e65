using System.Runtime.CompilerServices;
using SeqCore.Kernels;

namespace SeqCore;

// The same rearrangements as of Tensor, whose comments list the exceptions. Reshape, Squeeze and Unsqueeze share the memory; the
// others copy, since indices are contiguous.
public sealed partial class IndexTensor
{
    /// <summary>The number of axes.</summary>
    public int Rank => Shape.Rank;

    /// <summary>Returns a view in another shape; one size may be -1, which is inferred from the others.</summary>
    /// <exception cref="ShapeException">The sizes give another number of elements, or no size fits the -1.</exception>
    [OverloadResolutionPriority(1)]
    public IndexTensor Reshape(params ReadOnlySpan<int> sizes)
    {
        using var bits = Bits();
        using var view = bits.Reshape(sizes);
        return Reshape(view.Shape);
    }

    /// <summary>Returns a view without one axis of size 1.</summary>
    /// <exception cref="ShapeException">The axis has another size.</exception>
    public IndexTensor Squeeze(int axis)
    {
        using var bits = Bits();
        using var view = bits.Squeeze(axis);
        return Reshape(view.Shape);
    }

    /// <summary>Returns a view without the axes of size 1.</summary>
    public IndexTensor Squeeze()
    {
        using var bits = Bits();
        using var view = bits.Squeeze();
        return Reshape(view.Shape);
    }

    /// <summary>Returns a view with an axis of size 1 inserted, which is axis <paramref name="axis"/> of the result.</summary>
    public IndexTensor Unsqueeze(int axis)
    {
        using var bits = Bits();
        using var view = bits.Unsqueeze(axis);
        return Reshape(view.Shape);
    }

    /// <summary>
    /// Copies a part of the tensor, with one index for each axis from the first: <c>x[0, 1..3, ^1]</c>. Axes without an index are
    /// taken whole.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// There are more indices than axes, or an index does not lie on its axis.
    /// </exception>
    [IndexerName("Part")]
    public IndexTensor this[params ReadOnlySpan<TensorIndex> indices]
    {
        get
        {
            var kept = indices.ToArray();
            return Moved(x => x[kept]);
        }
    }

    /// <summary>Makes a copy with its own memory.</summary>
    public IndexTensor Copy() => Moved(x => x);

    /// <summary>Copies the indices with the last two axes exchanged.</summary>
    /// <exception cref="ShapeException">The tensor has fewer than two axes.</exception>
    public IndexTensor Transpose() => Moved(x => x.Transpose());

    /// <summary>
    /// Copies the indices with their axes reordered: axis i of the result is axis <c>order[i]</c> of this tensor.
    /// </summary>
    /// <exception cref="ArgumentException">The order does not contain every axis once.</exception>
    public IndexTensor Permute(params ReadOnlySpan<int> order)
    {
        var kept = order.ToArray();
        return Moved(x => x.Permute(kept));
    }

    /// <summary>Copies the indices repeated along axes of size 1; a size of -1 keeps the axis as it is.</summary>
    /// <exception cref="ShapeException">The tensor does not broadcast to this shape.</exception>
    public IndexTensor Expand(params ReadOnlySpan<int> sizes)
    {
        var kept = sizes.ToArray();
        return Moved(x => x.Expand(kept));
    }

    /// <summary>Copies the indices in reverse order along some axes; along all if none is named.</summary>
    /// <exception cref="ArgumentException">An axis is named twice.</exception>
    public IndexTensor Flip(params ReadOnlySpan<int> axes)
    {
        var kept = axes.ToArray();
        return Moved(x => x.Flip(kept));
    }

    /// <summary>
    /// Sorts the indices along an axis and returns the places that they had, as <see cref="Tensor.Sort"/> does. Equal ones keep
    /// their order.
    /// </summary>
    /// <param name="axis">The axis; a negative one counts from the end.</param>
    /// <param name="descending">Whether the largest come first.</param>
    public (IndexTensor Values, IndexTensor Indices) Sort(int axis = -1, bool descending = false)
    {
        axis = Shape.Axis(axis);
        if (axis != Rank - 1)
        {
            using var turned = Transpose(axis, -1);
            var (turnedValues, turnedIndices) = turned.Sort(-1, descending);
            using (turnedValues)
            using (turnedIndices)
                return (turnedValues.Transpose(axis, -1), turnedIndices.Transpose(axis, -1));
        }

        IndexTensor values = Uninitialized(Shape, Backend), indices = Uninitialized(Shape, Backend);
        if (ElementCount > 0)
            Backend.Sort(Span, values.Span, indices.Span, ElementCount / Shape[-1], Shape[-1], descending);
        return (values, indices);
    }
}
