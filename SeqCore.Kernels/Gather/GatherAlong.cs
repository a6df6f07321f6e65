using SeqCore.Kernels.Gather;

namespace SeqCore.Kernels;

/// <summary>
/// Indices of a device's memory seen through a layout; index (0, ..., 0) is the first of <see cref="Data"/>. A stride of 0
/// repeats an index along an axis.
/// </summary>
/// <param name="Data">The memory that contains the indices.</param>
/// <param name="Layout">The sizes and strides.</param>
public readonly record struct StridedIndices(DeviceSpan<int> Data, Layout Layout);

public abstract partial class Backend
{
    /// <summary>
    /// y_(.., j, ..) = x_(.., indices_(.., j, ..), ..): each index is a position along one axis of x, on the line of x that the
    /// other axes name. A negative index counts from the end.
    /// </summary>
    /// <param name="x">The values; their sizes are those of the indices, except along the axis.</param>
    /// <param name="axis">The axis.</param>
    /// <param name="indices">The indices; a stride of 0 gives all lines the same ones.</param>
    /// <param name="y">
    /// Output: the values at the indices, contiguous, with the sizes of the indices. It must not overlap x.
    /// </param>
    /// <exception cref="ArgumentException">An index is out of range; the message names its position and value.</exception>
    public void GatherAlong(in StridedSpan x, int axis, in StridedIndices indices, DeviceSpan<float> y)
    {
        AlongAxis.Check(nameof(GatherAlong), nameof(x), x, axis, indices);
        Operands.CheckLength(nameof(GatherAlong), nameof(y), y.Length, indices.Layout.Count);
        if (y.Length > 0)
            RunGatherAlong(x, axis, indices, y);
        KeepAlive((x, indices, y));
    }

    /// <summary>
    /// table_(.., indices_(.., j, ..), ..) = source_(.., j, ..), in ascending order of j, so that the last of equal indices
    /// counts.
    /// </summary>
    /// <param name="source">The values, contiguous, with the sizes of the indices. They must not overlap the table.</param>
    /// <param name="indices">The indices; a negative one counts from the end of the axis.</param>
    /// <param name="table">The table; its sizes are those of the indices, except along the axis.</param>
    /// <param name="axis">The axis.</param>
    /// <exception cref="ArgumentException">An index is out of range; the message names its position and value.</exception>
    public void ScatterAlong(DeviceSpan<float> source, in StridedIndices indices, in StridedSpan table, int axis) =>
        ScatterAlong(nameof(ScatterAlong), source, indices, table, axis, adds: false);

    /// <summary>
    /// table_(.., indices_(.., j, ..), ..) += source_(.., j, ..). The order of each sum depends on the sizes and the indices
    /// only, so that the result is deterministic; the parameters are those of
    /// <see cref="ScatterAlong(DeviceSpan{float}, in StridedIndices, in StridedSpan, int)"/>.
    /// </summary>
    /// <exception cref="ArgumentException">An index is out of range; the message names its position and value.</exception>
    public void ScatterAddAlong(DeviceSpan<float> source, in StridedIndices indices, in StridedSpan table, int axis) =>
        ScatterAlong(nameof(ScatterAddAlong), source, indices, table, axis, adds: true);

    private void ScatterAlong(string operation, DeviceSpan<float> source, in StridedIndices indices, in StridedSpan table,
        int axis, bool adds)
    {
        AlongAxis.Check(operation, nameof(table), table, axis, indices);
        Operands.CheckResult(operation, nameof(table), table);
        Operands.CheckLength(operation, nameof(source), source.Length, indices.Layout.Count);
        if (source.Length > 0)
            RunScatterAlong(operation, source, indices, table, axis, adds);
        KeepAlive((source, indices, table));
    }

    private protected static string BadIndexAlong(string operation, int position, int index, int axis, int size) =>
        $"{operation}: the index at position {position} is {index}; expected one of axis {axis}, in [{-size}, {size}).";

    private protected abstract void RunGatherAlong(in StridedSpan x, int axis, in StridedIndices indices, DeviceSpan<float> y);

    private protected abstract void RunScatterAlong(string operation, DeviceSpan<float> source, in StridedIndices indices,
        in StridedSpan table, int axis, bool adds);
}
