using System.Runtime.CompilerServices;
using SeqCore.Kernels;

namespace SeqCore;

// The same views as of Tensor, whose comments list the exceptions.
public sealed partial class BoolTensor
{
    /// <summary>Returns the same elements in another shape: a view where the layout allows it, else a copy.</summary>
    public BoolTensor Reshape(Shape shape) => new(values.Reshape(shape));

    /// <summary>Returns the same elements in another shape; one size may be -1, which is inferred from the others.</summary>
    [OverloadResolutionPriority(1)]
    public BoolTensor Reshape(params ReadOnlySpan<int> sizes) => new(values.Reshape(sizes));

    /// <summary>Exchanges two axes.</summary>
    public BoolTensor Transpose(int axisA, int axisB) => new(values.Transpose(axisA, axisB));

    /// <summary>Exchanges the last two axes.</summary>
    public BoolTensor Transpose() => new(values.Transpose());

    /// <summary>Reorders the axes: axis i of the result is axis <c>order[i]</c> of this tensor.</summary>
    public BoolTensor Permute(params ReadOnlySpan<int> order) => new(values.Permute(order));

    /// <summary>Takes <paramref name="length"/> elements of one axis: start, start + step, ...</summary>
    /// <param name="axis">The axis; a negative one counts from the end.</param>
    /// <param name="start">The index of the first element taken.</param>
    /// <param name="length">The number of elements that the result has on this axis.</param>
    /// <param name="step">The distance between the elements taken, at least 1.</param>
    public BoolTensor Slice(int axis, int start, int length, int step = 1) => new(values.Slice(axis, start, length, step));

    /// <summary>Takes one element of an axis; the result does not have this axis.</summary>
    /// <param name="axis">The axis; a negative one counts from the end.</param>
    /// <param name="index">The index of the element; a negative one counts from the end.</param>
    public BoolTensor Select(int axis, int index) => new(values.Select(axis, index));

    /// <summary>
    /// A view of a part of the tensor, with one index for each axis from the first: <c>x[0, 1..3, ^1]</c>. Axes without an index
    /// are taken whole.
    /// </summary>
    [IndexerName("Part")]
    public BoolTensor this[params ReadOnlySpan<TensorIndex> indices] => new(values[indices]);

    /// <summary>Repeats the tensor along axes of size 1 and along new leading axes, without copying.</summary>
    public BoolTensor BroadcastTo(Shape shape) => new(values.BroadcastTo(shape));

    /// <summary>Repeats the tensor along axes of size 1, without copying; a size of -1 keeps the axis as it is.</summary>
    public BoolTensor Expand(params ReadOnlySpan<int> sizes) => new(values.Expand(sizes));

    /// <summary>Removes one axis of size 1.</summary>
    public BoolTensor Squeeze(int axis) => new(values.Squeeze(axis));

    /// <summary>Inserts an axis of size 1, which is axis <paramref name="axis"/> of the result.</summary>
    public BoolTensor Unsqueeze(int axis) => new(values.Unsqueeze(axis));

    /// <summary>Makes a copy with its own memory, in row-major order.</summary>
    public BoolTensor Copy() => new(values.Copy());

    /// <summary>Concatenates tensors along an axis; their other sizes agree.</summary>
    public static BoolTensor Concat(ReadOnlySpan<BoolTensor> tensors, int axis = 0)
    {
        var parts = new Tensor[tensors.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            ArgumentNullException.ThrowIfNull(tensors[i], nameof(tensors));
            parts[i] = tensors[i].values;
        }

        return new BoolTensor(Tensor.Concat(parts, axis));
    }

    /// <summary>Returns this tensor if it is on the backend already, else a copy there.</summary>
    public BoolTensor To(Backend backend)
    {
        ArgumentNullException.ThrowIfNull(backend);
        return backend == Backend ? this : new BoolTensor(values.To(backend));
    }
}
