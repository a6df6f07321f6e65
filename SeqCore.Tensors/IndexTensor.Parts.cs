using SeqCore.Kernels;

namespace SeqCore;

// Slices and concatenations of indices are copies, since indices are contiguous; nothing leaves the device.
public sealed partial class IndexTensor
{
    /// <summary>Makes the indices 0, 1, ..., end - 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The end is negative.</exception>
    /// <exception cref="SizeLimitException">There would be more than 2^31 - 57 values.</exception>
    public static IndexTensor Arange(int end, Backend? backend = null)
    {
        Number.AtLeast(0, end, "Arange", nameof(end));
        var values = HostArray.New<int>("Arange", end);
        for (var i = 0; i < end; i++)
            values[i] = i;
        return FromSpan(values, new Shape(end), backend);
    }

    /// <summary>Copies <paramref name="length"/> elements of one axis: start, start + step, ...</summary>
    /// <param name="axis">The axis; a negative one counts from the end.</param>
    /// <param name="start">The index of the first element taken.</param>
    /// <param name="length">The number of elements that the result has on this axis.</param>
    /// <param name="step">The distance between the elements taken, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The elements do not all lie on the axis.</exception>
    public IndexTensor Slice(int axis, int start, int length, int step = 1) => Moved(x => x.Slice(axis, start, length, step));

    /// <summary>Copies one element of an axis; the result does not have this axis.</summary>
    /// <param name="axis">The axis; a negative one counts from the end.</param>
    /// <param name="index">The index of the element; a negative one counts from the end.</param>
    /// <exception cref="ArgumentOutOfRangeException">The element does not lie on the axis.</exception>
    public IndexTensor Select(int axis, int index) => Moved(x => x.Select(axis, index));

    /// <summary>Copies the indices with two axes exchanged.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
    public IndexTensor Transpose(int axisA, int axisB) => Moved(x => x.Transpose(axisA, axisB));

    /// <summary>Copies the indices repeated along axes of size 1 and along new leading axes.</summary>
    /// <exception cref="ShapeException">The tensor does not broadcast to this shape.</exception>
    public IndexTensor BroadcastTo(Shape shape) => Moved(x => x.BroadcastTo(shape));

    /// <summary>Concatenates index tensors along an axis; their other sizes agree.</summary>
    /// <exception cref="ShapeException">A size on another axis differs from that of the first tensor.</exception>
    public static IndexTensor Concat(ReadOnlySpan<IndexTensor> tensors, int axis = 0)
    {
        var bits = new Tensor[tensors.Length];
        for (var i = 0; i < bits.Length; i++)
        {
            ArgumentNullException.ThrowIfNull(tensors[i], nameof(tensors));
            bits[i] = tensors[i].Bits();
        }

        try
        {
            using var joined = Tensor.Concat(bits, axis);
            return OfBits(joined);
        }
        finally
        {
            foreach (var part in bits)
                part.Dispose();
        }
    }

    /// <summary>
    /// Takes the parts of one axis that the indices name, as <see cref="Tensor.Gather(IndexTensor, int)"/> does.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// An index does not lie on the axis; on a GPU the next read of a value throws.
    /// </exception>
    public IndexTensor Gather(IndexTensor indices, int axis = 0) => Moved(x => x.Gather(indices, axis));

    /// <summary>Takes an element for each index, as <see cref="Tensor.GatherAlong"/> does.</summary>
    /// <exception cref="ShapeException">The indices have another number of axes, or a larger size.</exception>
    /// <exception cref="ArgumentException">
    /// An index does not lie on the axis; on a GPU the next read of a value throws.
    /// </exception>
    public IndexTensor GatherAlong(IndexTensor indices, int axis) => Moved(x => x.GatherAlong(indices, axis));

    /// <summary>Copies this tensor and writes a value at each index, as <see cref="Tensor.ScatterAlong"/> does.</summary>
    /// <exception cref="ShapeException">
    /// The indices have another number of axes or a larger size, or the source does not broadcast to their shape.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// An index does not lie on the axis; on a GPU the next read of a value throws.
    /// </exception>
    public IndexTensor ScatterAlong(IndexTensor indices, IndexTensor source, int axis)
    {
        ArgumentNullException.ThrowIfNull(source);
        using var values = source.Bits();
        return Moved(x => x.ScatterAlong(indices, values, axis));
    }

    /// <summary>Converts the indices to float32, rounded to the nearest: exact up to 2^24.</summary>
    public Tensor ToTensor()
    {
        var result = Tensor.Uninitialized(Shape, Backend);
        Backend.IndicesToFloats(Span, result.Span);
        return result;
    }

    /// <summary>Returns these indices if they are on the backend already, else a copy there.</summary>
    public IndexTensor To(Backend backend)
    {
        ArgumentNullException.ThrowIfNull(backend);
        return backend == Backend ? this : FromSpan(ToArray(), Shape, backend);
    }

    private Tensor Bits()
    {
        ThrowIfDisposed();
        return Tensor.OfBits(buffer, Shape);
    }

    private static IndexTensor OfBits(Tensor own)
    {
        own.Memory.AddReference();
        return new IndexTensor(own.Memory, own.Shape);
    }

    private IndexTensor Moved(Func<Tensor, Tensor> view)
    {
        using var bits = Bits();
        using var part = view(bits);

        // A view needs a copy, since indices are contiguous and start where their memory does; a result of its own does not.
        if (part.IsContiguous && part.Memory != buffer)
            return OfBits(part);
        using var copy = part.Copy();
        return OfBits(copy);
    }
}
