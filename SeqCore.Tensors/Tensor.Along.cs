using SeqCore.Kernels;

namespace SeqCore;

// Gather and ScatterAdd move whole parts that one list of indices names; the operations whose name ends in Along have an index
// for each element. Negative indices count from the end of the axis; only the overloads without an axis, which look up rows as an
// embedding does, refuse them.
public sealed partial class Tensor
{
    /// <summary>
    /// Takes the parts of one axis that the indices name, as torch.index_select and numpy.take do. Shapes: (a..., n, b...) and
    /// (indices...) to (a..., indices..., b...).
    /// </summary>
    /// <param name="indices">The indices, in any shape; a negative one counts from the end.</param>
    /// <param name="axis">The axis; a negative one counts from the end.</param>
    /// <exception cref="ArgumentException">
    /// An index does not lie on the axis; on a GPU the next read of a value throws.
    /// </exception>
    public Tensor Gather(IndexTensor indices, int axis)
    {
        ArgumentNullException.ThrowIfNull(indices);
        axis = Axis(axis, "Gather");
        SameDevice("Gather", Backend, indices.Backend);
        var result = Uninitialized(PartsShape(indices, axis), Backend);
        Backend.GatherAlong(Strided, axis, ForAllLines(indices, axis), result.Span);
        return result;
    }

    /// <summary>
    /// Adds parts of the source to the parts of one axis that the indices name, in ascending order, as torch.index_add does; the
    /// result has the same bits whatever the number of threads. The shapes are those of <see cref="Gather(IndexTensor, int)"/>.
    /// </summary>
    /// <param name="indices">The indices, in any shape; a negative one counts from the end.</param>
    /// <param name="source">The values that are added.</param>
    /// <param name="axis">The axis; a negative one counts from the end.</param>
    /// <exception cref="ShapeException">The source does not have one part for each index.</exception>
    /// <exception cref="ArgumentException">
    /// An index does not lie on the axis; on a GPU the next read of a value throws.
    /// </exception>
    public void ScatterAddInPlace(IndexTensor indices, Tensor source, int axis)
    {
        ArgumentNullException.ThrowIfNull(indices);
        ArgumentNullException.ThrowIfNull(source);
        axis = Axis(axis, "ScatterAddInPlace");
        SameDevice("ScatterAddInPlace", Backend, indices.Backend);
        SameDevice("ScatterAddInPlace", this, source);
        var expected = PartsShape(indices, axis);
        if (!source.Shape.Equals(expected))
        {
            throw ShapeException.Wrong("ScatterAddInPlace", "source", expected.ToString(), source.Shape,
                $"the table is {Shape}, the axis {axis} and the indices are {indices.Shape}");
        }

        var values = source.IsContiguous && !Overlaps(source) ? source : source.Copy();
        Backend.ScatterAddAlong(values.Span, ForAllLines(indices, axis), Writable("ScatterAddInPlace"), axis);
        if (!ReferenceEquals(values, source))
            values.Dispose();
    }

    /// <summary>
    /// Takes an element for each index: y_(.., j, ..) = x_(.., indices_(.., j, ..), ..), where only the place along the axis is
    /// replaced. It is torch.gather, numpy.take_along_axis and GatherElements of ONNX.
    /// </summary>
    /// <param name="indices">
    /// The indices, with as many axes as this tensor and, except along the axis, at most its sizes; a negative one counts from
    /// the end.
    /// </param>
    /// <param name="axis">The axis; a negative one counts from the end.</param>
    /// <returns>The elements, in the shape of the indices.</returns>
    /// <exception cref="ShapeException">The indices have another number of axes, or a larger size.</exception>
    /// <exception cref="ArgumentException">
    /// An index does not lie on the axis; on a GPU the next read of a value throws.
    /// </exception>
    public Tensor GatherAlong(IndexTensor indices, int axis)
    {
        using var lines = LinesOf(indices, ref axis, "GatherAlong");
        var result = Uninitialized(indices.Shape, Backend);
        Backend.GatherAlong(lines.Strided, axis, Indexed(indices), result.Span);
        return result;
    }

    /// <summary>
    /// Copies this tensor and writes a value at each index: y_(.., indices_(.., j, ..), ..) = source_(.., j, ..), as
    /// torch.scatter, numpy.put_along_axis and ScatterElements of ONNX do. Of values with the same place the one with the largest
    /// j remains.
    /// </summary>
    /// <param name="indices">
    /// The indices, with as many axes as this tensor and, except along the axis, at most its sizes; a negative one counts from
    /// the end.
    /// </param>
    /// <param name="source">The values, which broadcast to the shape of the indices: a scalar writes the same number.</param>
    /// <param name="axis">The axis; a negative one counts from the end.</param>
    /// <exception cref="ShapeException">
    /// The indices have another number of axes or a larger size, or the source does not broadcast to their shape.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// An index does not lie on the axis; on a GPU the next read of a value throws.
    /// </exception>
    public Tensor ScatterAlong(IndexTensor indices, Tensor source, int axis)
    {
        var result = Copy();
        result.Scatter("ScatterAlong", indices, source, axis, adds: false);
        return result;
    }

    /// <summary>Writes a value at each index, as <see cref="ScatterAlong"/> does, to this tensor.</summary>
    /// <exception cref="ShapeException">
    /// The indices have another number of axes or a larger size, or the source does not broadcast to their shape.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// An index does not lie on the axis; on a GPU the next read of a value throws.
    /// </exception>
    public void ScatterAlongInPlace(IndexTensor indices, Tensor source, int axis) =>
        Scatter("ScatterAlongInPlace", indices, source, axis, adds: false);

    /// <summary>
    /// Copies this tensor and adds a value at each index: y_(.., indices_(.., j, ..), ..) += source_(.., j, ..), as
    /// torch.scatter_add does; the result has the same bits whatever the number of threads. The parameters are those of
    /// <see cref="ScatterAlong"/>.
    /// </summary>
    /// <exception cref="ShapeException">
    /// The indices have another number of axes or a larger size, or the source does not broadcast to their shape.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// An index does not lie on the axis; on a GPU the next read of a value throws.
    /// </exception>
    public Tensor ScatterAddAlong(IndexTensor indices, Tensor source, int axis)
    {
        var result = Copy();
        result.Scatter("ScatterAddAlong", indices, source, axis, adds: true);
        return result;
    }

    /// <summary>Adds a value at each index, as <see cref="ScatterAddAlong"/> does, to this tensor.</summary>
    /// <exception cref="ShapeException">
    /// The indices have another number of axes or a larger size, or the source does not broadcast to their shape.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// An index does not lie on the axis; on a GPU the next read of a value throws.
    /// </exception>
    public void ScatterAddAlongInPlace(IndexTensor indices, Tensor source, int axis) =>
        Scatter("ScatterAddAlongInPlace", indices, source, axis, adds: true);

    private void Scatter(string operation, IndexTensor indices, Tensor source, int axis, bool adds)
    {
        ArgumentNullException.ThrowIfNull(source);
        using var lines = LinesOf(indices, ref axis, operation);
        SameDevice(operation, this, source);
        source.CheckBroadcast(indices.Shape, operation);
        using var spread = source.BroadcastTo(indices.Shape);
        var values = spread.IsContiguous && !Overlaps(spread) ? spread : spread.Copy();
        _ = Writable(operation);
        if (adds)
            Backend.ScatterAddAlong(values.Span, Indexed(indices), lines.Strided, axis);
        else
            Backend.ScatterAlong(values.Span, Indexed(indices), lines.Strided, axis);
        values.Dispose();
    }

    /// <summary>Returns a view of the lines along the axis that have indices, and counts the axis from 0.</summary>
    private Tensor LinesOf(IndexTensor indices, ref int axis, string operation)
    {
        ArgumentNullException.ThrowIfNull(indices);
        axis = Axis(axis, operation);
        SameDevice(operation, Backend, indices.Backend);
        var fits = indices.Shape.Rank == Rank;
        for (var i = 0; fits && i < Rank; i++)
            fits = i == axis || indices.Shape[i] <= Shape[i];
        if (!fits)
        {
            var along = axis;
            var sizes = Shape.Select((size, i) => i == along ? "any" : $"up to {size}");
            var expected = $"({string.Join(", ", sizes)}{(Rank == 1 ? "," : "")})";
            throw ShapeException.Wrong(operation, "indices", expected, indices.Shape,
                $"the tensor is {Shape} and the axis is {axis}");
        }

        Span<int> narrowed = stackalloc int[Rank];
        Span<int> strides = stackalloc int[Rank];
        for (var i = 0; i < Rank; i++)
        {
            narrowed[i] = i == axis ? Shape[i] : indices.Shape[i];
            strides[i] = layout.Stride(i);
        }

        return View(new Layout(narrowed, strides));
    }

    private static StridedIndices Indexed(IndexTensor indices) =>
        new(indices.Span, Layout.Contiguous(indices.Shape.Sizes));

    /// <summary>Gives every line along the axis the same indices.</summary>
    private StridedIndices ForAllLines(IndexTensor indices, int axis)
    {
        Span<int> sizes = stackalloc int[Rank];
        Span<int> strides = stackalloc int[Rank];
        Shape.Sizes.CopyTo(sizes);
        strides.Clear();
        (sizes[axis], strides[axis]) = (indices.ElementCount, 1);
        return new StridedIndices(indices.Span, new Layout(sizes, strides));
    }

    private Shape PartsShape(IndexTensor indices, int axis) =>
        new([.. Shape.Sizes[..axis], .. indices.Shape.Sizes, .. Shape.Sizes[(axis + 1)..]]);
}
