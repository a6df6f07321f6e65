using SeqCore.Kernels;

namespace SeqCore;

public sealed partial class Tensor
{
    /// <summary>
    /// Sorts the elements along an axis and returns the indices that they had, as torch.sort with <c>stable=True</c> does. Equal
    /// elements keep their order. NaN counts as the largest: it comes last in ascending order, as in NumPy, and first in
    /// descending order.
    /// </summary>
    /// <param name="axis">The axis; a negative one counts from the end.</param>
    /// <param name="descending">Whether the largest elements come first.</param>
    public (Tensor Values, IndexTensor Indices) Sort(int axis = -1, bool descending = false)
    {
        axis = Axis(axis, "Sort");
        if (axis != Rank - 1)
        {
            using var turned = Transpose(axis, -1);
            var (turnedValues, turnedIndices) = turned.Sort(-1, descending);
            using (turnedValues)
            using (turnedIndices)
                return (turnedValues.Transpose(axis, -1), turnedIndices.Transpose(axis, -1));
        }

        var values = Uninitialized(Shape, Backend);
        return (values, SortRows(values.Span, descending));
    }

    /// <summary>
    /// Returns the indices that sort the elements along an axis, as torch.argsort with <c>stable=True</c> does; see
    /// <see cref="Sort"/>.
    /// </summary>
    /// <param name="axis">The axis; a negative one counts from the end.</param>
    /// <param name="descending">Whether the largest elements come first.</param>
    public IndexTensor ArgSort(int axis = -1, bool descending = false)
    {
        axis = Axis(axis, "ArgSort");
        if (axis == Rank - 1)
            return SortRows(default, descending);
        using var turned = Transpose(axis, -1);
        using var indices = turned.SortRows(default, descending);
        return indices.Transpose(axis, -1);
    }

    private IndexTensor SortRows(DeviceSpan<float> values, bool descending)
    {
        var indices = IndexTensor.Uninitialized(Shape, Backend);
        if (ElementCount == 0)
            return indices;
        var x = Contiguous();
        Backend.Sort(x.Span, values, indices.Span, ElementCount / Shape[-1], Shape[-1], descending);
        if (!ReferenceEquals(x, this))
            x.Dispose();
        return indices;
    }
}
