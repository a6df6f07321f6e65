using System.Runtime.CompilerServices;
using SeqCore.Kernels;

namespace SeqCore;

// The views of Tensor, which say what each of them throws.
public sealed partial class BoolTensor
{
    /// <summary>The same elements in another shape: a view where the layout allows, else a copy.</summary>
    public BoolTensor Reshape(Shape shape) => new(values.Reshape(shape));

    /// <summary>The same elements in another shape; one size may be -1, which stands for whatever is left.</summary>
    [OverloadResolutionPriority(1)]
    public BoolTensor Reshape(params ReadOnlySpan<int> sizes) => new(values.Reshape(sizes));

    /// <summary>Two axes exchanged.</summary>
    public BoolTensor Transpose(int axisA, int axisB) => new(values.Transpose(axisA, axisB));

    /// <summary>The last two axes exchanged.</summary>
    public BoolTensor Transpose() => new(values.Transpose());

    /// <summary>Axes in another order: axis i of the result is axis <c>order[i]</c> of this tensor.</summary>
    public BoolTensor Permute(params ReadOnlySpan<int> order) => new(values.Permute(order));

    /// <summary>Elements start, start + step, ... of one axis: <paramref name="length"/> of them.</summary>
    /// <param name="axis">Which axis; negative counts from the end.</param>
    /// <param name="start">The first element taken.</param>
    /// <param name="length">How many elements the result has on this axis.</param>
    /// <param name="step">Distance between them, at least 1.</param>
    public BoolTensor Slice(int axis, int start, int length, int step = 1) => new(values.Slice(axis, start, length, step));

    /// <summary>One element of an axis, which disappears.</summary>
    /// <param name="axis">Which axis; negative counts from the end.</param>
    /// <param name="index">Which element; negative counts from the end.</param>
    public BoolTensor Select(int axis, int index) => new(values.Select(axis, index));

    /// <summary>A view of part of the tensor, from the first axis on: <c>x[0, 1..3, ^1]</c>. Axes not named are whole.</summary>
    [IndexerName("Part")]
    public BoolTensor this[params ReadOnlySpan<TensorIndex> indices] => new(values[indices]);

    /// <summary>The tensor repeated, without copying, along axes of size 1 and along new axes in front.</summary>
    public BoolTensor BroadcastTo(Shape shape) => new(values.BroadcastTo(shape));

    /// <summary>The tensor repeated along axes of size 1; a size of -1 keeps the axis as it is.</summary>
    public BoolTensor Expand(params ReadOnlySpan<int> sizes) => new(values.Expand(sizes));

    /// <summary>The tensor without one axis of size 1.</summary>
    public BoolTensor Squeeze(int axis) => new(values.Squeeze(axis));

    /// <summary>The tensor with a new axis of size 1; afterwards it is axis <paramref name="axis"/> of the result.</summary>
    public BoolTensor Unsqueeze(int axis) => new(values.Unsqueeze(axis));

    /// <summary>A copy with memory of its own, in row-major order.</summary>
    public BoolTensor Copy() => new(values.Copy());

    /// <summary>Tensors one after the other along an axis; their other sizes agree.</summary>
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

    /// <summary>This tensor if it is on the backend already, else a copy there.</summary>
    public BoolTensor To(Backend backend)
    {
        ArgumentNullException.ThrowIfNull(backend);
        return backend == Backend ? this : new BoolTensor(values.To(backend));
    }
}
