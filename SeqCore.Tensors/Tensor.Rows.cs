using SeqCore.Kernels;
using SeqCore.Kernels.Operations;

namespace SeqCore;

public sealed partial class Tensor
{
    /// <summary>Computes the softmax y_i = e^(x_i - max) / sum_j e^(x_j - max) along an axis.</summary>
    public Tensor Softmax(int axis = -1) =>
        AlongAxis(axis, "Softmax", static (backend, x, y, rows, columns) => backend.Softmax(x, y, rows, columns));

    /// <summary>Computes the logarithm of the softmax, y_i = x_i - log sum_j e^(x_j), along an axis.</summary>
    public Tensor LogSoftmax(int axis = -1) =>
        AlongAxis(axis, "LogSoftmax", static (backend, x, y, rows, columns) => backend.LogSoftmax(x, y, rows, columns));

    /// <summary>
    /// Returns the k largest elements along the last axis in descending order, and their indices; of equal elements the one with
    /// the lower index comes first.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">k is not between 1 and the size of the axis.</exception>
    public (Tensor Values, IndexTensor Indices) TopK(int k)
    {
        var axis = Axis(-1, "TopK");
        var columns = Shape[axis];
        if (k < 1 || k > columns)
        {
            throw new ArgumentOutOfRangeException(nameof(k), k,
                $"TopK: k should be between 1 and {columns}, the size of the last axis of shape {Shape}.");
        }

        var shape = Shape.With(axis, k);
        var values = Uninitialized(shape, Backend);
        var indices = IndexTensor.Uninitialized(shape, Backend);
        var x = Contiguous();
        Backend.TopK(x.Span, values.Span, indices.Span, ElementCount / columns, columns, k);
        if (!ReferenceEquals(x, this))
            x.Dispose();
        return (values, indices);
    }

    /// <summary>
    /// Looks up rows of this table by their indices, as an embedding does: shapes (V, ...) and (indices...) to (indices..., ...).
    /// A negative index is an error here; <see cref="Gather(IndexTensor, int)"/> counts it from the end.
    /// </summary>
    /// <exception cref="ArgumentException">An index is negative or not a row of the table.</exception>
    public Tensor Gather(IndexTensor indices)
    {
        ArgumentNullException.ThrowIfNull(indices);
        var rows = Shape[Axis(0, "Gather")];
        var result = Uninitialized(new Shape([.. indices.Shape.Sizes, .. Shape.Sizes[1..]]), Backend);
        var table = Contiguous();
        Backend.Gather(table.Span, indices.Span, result.Span, rows, RowSize());
        if (!ReferenceEquals(table, this))
            table.Dispose();
        return result;
    }

    /// <summary>
    /// Adds row i of the source to row indices[i] of this table, in the order of i. The shapes are those of
    /// <see cref="Gather(IndexTensor)"/>. A negative index is an error here; <see cref="ScatterAddInPlace(IndexTensor, Tensor,
    /// int)"/> counts it from the end.
    /// </summary>
    /// <exception cref="ShapeException">The source does not have one row for each index.</exception>
    /// <exception cref="ArgumentException">An index is negative or not a row of the table.</exception>
    /// <exception cref="InvalidOperationException">This table is a view that is not contiguous.</exception>
    public void ScatterAddInPlace(IndexTensor indices, Tensor source)
    {
        ArgumentNullException.ThrowIfNull(indices);
        ArgumentNullException.ThrowIfNull(source);
        SameDevice("ScatterAddInPlace", this, source);
        var rows = Shape[Axis(0, "ScatterAddInPlace")];
        CheckWritable("ScatterAddInPlace");
        if (!IsContiguous)
        {
            throw new InvalidOperationException($"ScatterAddInPlace: the table itself should be contiguous, but it is a view of"
                + $" shape {Shape} that is not, and a copy of it would not change it. Hint: ScatterAddInPlace(indices, source,"
                + " axis: 0) writes to such views too.");
        }

        var expected = new Shape([.. indices.Shape.Sizes, .. Shape.Sizes[1..]]);
        if (!source.Shape.Equals(expected))
        {
            throw ShapeException.Wrong("ScatterAddInPlace", "source", expected.ToString(), source.Shape,
                $"the table is {Shape} and the indices are {indices.Shape}");
        }

        var values = source.IsContiguous && !Overlaps(source) ? source : source.Copy();
        Backend.ScatterAdd(values.Span, indices.Span, Span, rows, RowSize());
        if (values.ElementCount > 0)
            NoteWrite("ScatterAddInPlace");
        if (!ReferenceEquals(values, source))
            values.Dispose();
    }

    /// <summary>Makes a tensor with 1 at each index and 0 elsewhere: shape (indices...) to (indices..., classes).</summary>
    /// <exception cref="ArgumentException">An index is not in [0, classes).</exception>
    public static Tensor OneHot(IndexTensor indices, int classes)
    {
        ArgumentNullException.ThrowIfNull(indices);
        Number.AtLeast(1, classes, "OneHot", nameof(classes));
        if (classes > 1 << 24)
            throw new ArgumentOutOfRangeException(nameof(classes), classes, $"OneHot: classes should be at most {1 << 24}.");
        CheckClasses(indices, classes);
        using var numbers = Arange(classes, indices.Backend);
        using var table = numbers.Reshape(classes, 1);
        using var own = table.Gather(indices);
        return Map(new EqualOperation(), own, numbers, "OneHot");
    }

    /// <summary>
    /// Checks the indices on the CPU, where the error names the index; on a GPU, where reading would wait, the lookup detects a
    /// wrong index.
    /// </summary>
    private static void CheckClasses(IndexTensor indices, int classes)
    {
        if (indices.Backend.Device.Kind != DeviceKind.Cpu)
            return;
        foreach (var (i, index) in indices.ToArray().Index())
        {
            if (index < 0 || index >= classes)
            {
                throw new ArgumentException($"OneHot: index {index} at position {i} should be between 0 and {classes - 1}.",
                    nameof(indices));
            }
        }
    }

    private delegate void RowKernel(Backend backend, DeviceSpan<float> x, DeviceSpan<float> y, int rows, int columns);

    private Tensor AlongAxis(int axis, string name, RowKernel kernel)
    {
        axis = Axis(axis, name);
        if (axis != Rank - 1)
        {
            using var turned = Transpose(axis, -1);
            using var turnedResult = turned.AlongAxis(-1, name, kernel);
            return turnedResult.Transpose(axis, -1);
        }

        var result = Uninitialized(Shape, Backend);
        if (ElementCount == 0)
            return result;
        var x = Contiguous();
        kernel(Backend, x.Span, result.Span, ElementCount / Shape[axis], Shape[axis]);
        if (!ReferenceEquals(x, this))
            x.Dispose();
        return result;
    }

    private int RowSize()
    {
        var size = 1;
        foreach (var s in Shape.Sizes[1..])
            size *= s;
        return size;
    }
}
