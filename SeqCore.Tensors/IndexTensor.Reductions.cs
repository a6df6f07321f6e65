using SeqCore.Kernels;

namespace SeqCore;

// Each reduction has three overloads, as those of Tensor have: over all indices (to a scalar), along one axis, and along any set
// of axes. The reduced axes disappear, or stay with size 1 if keepDimensions is true. A sum wraps around where it leaves int32,
// as the operators do.
public sealed partial class IndexTensor
{
    /// <summary>The sum of all indices, 0 if there are none; it wraps around where it leaves int32.</summary>
    /// <remarks>Where it might, <c>ToTensor().Sum()</c> gives a float32, which is rounded to 24 bits.</remarks>
    public IndexTensor Sum() => Reduce(IndexArithmetic.Add, AllAxes(), false, "Sum");

    /// <summary>The sum along an axis; it wraps around where it leaves int32.</summary>
    public IndexTensor Sum(int axis, bool keepDimensions = false) => Reduce(IndexArithmetic.Add, [axis], keepDimensions, "Sum");

    /// <summary>The sum along some axes; it wraps around where it leaves int32.</summary>
    public IndexTensor Sum(ReadOnlySpan<int> axes, bool keepDimensions = false) =>
        Reduce(IndexArithmetic.Add, axes, keepDimensions, "Sum");

    /// <summary>Returns the largest index.</summary>
    /// <exception cref="ShapeException">The tensor has no elements.</exception>
    public IndexTensor Max() => Reduce(IndexArithmetic.Maximum, AllAxes(), false, "Max");

    /// <summary>Returns the largest index along an axis.</summary>
    /// <exception cref="ShapeException">The axis has no elements.</exception>
    public IndexTensor Max(int axis, bool keepDimensions = false) =>
        Reduce(IndexArithmetic.Maximum, [axis], keepDimensions, "Max");

    /// <summary>Returns the largest index along some axes.</summary>
    /// <exception cref="ShapeException">An axis has no elements.</exception>
    public IndexTensor Max(ReadOnlySpan<int> axes, bool keepDimensions = false) =>
        Reduce(IndexArithmetic.Maximum, axes, keepDimensions, "Max");

    /// <summary>Returns the smallest index.</summary>
    /// <exception cref="ShapeException">The tensor has no elements.</exception>
    public IndexTensor Min() => Reduce(IndexArithmetic.Minimum, AllAxes(), false, "Min");

    /// <summary>Returns the smallest index along an axis.</summary>
    /// <exception cref="ShapeException">The axis has no elements.</exception>
    public IndexTensor Min(int axis, bool keepDimensions = false) =>
        Reduce(IndexArithmetic.Minimum, [axis], keepDimensions, "Min");

    /// <summary>Returns the smallest index along some axes.</summary>
    /// <exception cref="ShapeException">An axis has no elements.</exception>
    public IndexTensor Min(ReadOnlySpan<int> axes, bool keepDimensions = false) =>
        Reduce(IndexArithmetic.Minimum, axes, keepDimensions, "Min");

    /// <summary>Returns the place of the largest index along an axis, the first of equal ones or the last.</summary>
    /// <param name="axis">The axis; a negative one counts from the end.</param>
    /// <param name="keepDimensions">Whether the axis stays in the result with size 1.</param>
    /// <param name="last">Whether the last of equal indices counts.</param>
    /// <exception cref="ShapeException">The axis has no elements.</exception>
    public IndexTensor ArgMax(int axis = -1, bool keepDimensions = false, bool last = false) =>
        Place(IndexArithmetic.Maximum, axis, keepDimensions, last, "ArgMax");

    /// <summary>Returns the place of the smallest index along an axis, the first of equal ones or the last.</summary>
    /// <param name="axis">The axis; a negative one counts from the end.</param>
    /// <param name="keepDimensions">Whether the axis stays in the result with size 1.</param>
    /// <param name="last">Whether the last of equal indices counts.</param>
    /// <exception cref="ShapeException">The axis has no elements.</exception>
    public IndexTensor ArgMin(int axis = -1, bool keepDimensions = false, bool last = false) =>
        Place(IndexArithmetic.Minimum, axis, keepDimensions, last, "ArgMin");

    private IndexTensor Place(IndexArithmetic operation, int axis, bool keepDimensions, bool last, string name)
    {
        using var extreme = Reduce(operation, [axis], true, name);
        using var isExtreme = EqualTo(extreme);
        return isExtreme.Values.ArgMax(axis, keepDimensions, last);
    }

    private IndexTensor Reduce(IndexArithmetic operation, ReadOnlySpan<int> axes, bool keepDimensions, string name)
    {
        using var bits = Bits();
        var kept = new int[Rank];
        bits.KeptSizes(axes, name, operation != IndexArithmetic.Add, kept);
        var shape = keepDimensions ? new Shape(kept) : bits.Reduced(axes);
        if (shape.ElementCount == 0 || ElementCount == 0)
            return FromSpan(HostArray.New<int>(name, shape.ElementCount), shape, Backend);

        // The reduced axes come first, so that the results lie side by side.
        var order = Enumerable.Range(0, Rank).OrderBy(i => kept[i] == Shape[i]).ToArray();
        using var turned = bits.Permute(order);
        using var own = turned.Copy();
        using var rows = OfBits(own);
        Fold(Backend, operation, rows.Span, shape.ElementCount);
        using var flat = rows.Reshape(-1);
        using var first = flat.Slice(0, 0, shape.ElementCount);
        using var result = first.Reshape(shape);

        // A view would keep the memory of all rows.
        return result.Copy();
    }

    /// <summary>
    /// Joins the rows of a matrix in place: the second half with the first, and again with half the rows. The result is the first
    /// row. The operations are associative, wrap-around included, so the order does not matter.
    /// </summary>
    private static void Fold(Backend backend, IndexArithmetic operation, DeviceSpan<int> rows, int columns)
    {
        for (var count = rows.Length / columns; count > 1; count -= count / 2)
        {
            var half = count / 2 * columns;
            var first = rows.Slice(0, half);
            backend.ComputeIndices(operation, first, rows.Slice(count * columns - half, half), first);
        }
    }

    private ReadOnlySpan<int> AllAxes() => Tensor.AxisNumbers.AsSpan(0, Rank);
}
