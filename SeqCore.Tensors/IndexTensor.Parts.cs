using SeqCore.Kernels;

namespace SeqCore;

// Parts and joins of indices are copies, since indices are contiguous; nothing leaves the device.
public sealed partial class IndexTensor
{
    /// <summary>0, 1, ..., end - 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The end is negative.</exception>
    /// <exception cref="SizeLimitException">There would be more than 2^31 - 57 values.</exception>
    public static IndexTensor Arange(int end, Backend? backend = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(end);
        var values = HostArray.New<int>("Arange", end);
        for (var i = 0; i < end; i++)
            values[i] = i;
        return FromSpan(values, new Shape(end), backend);
    }

    /// <summary>Elements start, start + step, ... of one axis: a copy of <paramref name="length"/> of them.</summary>
    /// <param name="axis">Which axis; negative counts from the end.</param>
    /// <param name="start">The first element taken.</param>
    /// <param name="length">How many elements the result has on this axis.</param>
    /// <param name="step">Distance between them, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The elements do not all lie on the axis.</exception>
    public IndexTensor Slice(int axis, int start, int length, int step = 1) => Moved(x => x.Slice(axis, start, length, step));

    /// <summary>One element of an axis, which disappears: a copy.</summary>
    /// <param name="axis">Which axis; negative counts from the end.</param>
    /// <param name="index">Which element; negative counts from the end.</param>
    /// <exception cref="ArgumentOutOfRangeException">The element does not lie on the axis.</exception>
    public IndexTensor Select(int axis, int index) => Moved(x => x.Select(axis, index));

    /// <summary>Two axes exchanged: a copy.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
    public IndexTensor Transpose(int axisA, int axisB) => Moved(x => x.Transpose(axisA, axisB));

    /// <summary>A copy repeated along axes of size 1 and along new axes in front.</summary>
    /// <exception cref="ShapeException">The shape cannot be reached by broadcasting.</exception>
    public IndexTensor BroadcastTo(Shape shape) => Moved(x => x.BroadcastTo(shape));

    /// <summary>Indices one after the other along an axis; their other sizes agree.</summary>
    /// <exception cref="ShapeException">A size on another axis differs from that of the first.</exception>
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

    /// <summary>The indices as float32, rounded to the nearest: exact up to 2^24.</summary>
    public Tensor ToTensor()
    {
        var result = Tensor.Uninitialized(Shape, Backend);
        Backend.IndicesToFloats(Span, result.Span);
        return result;
    }

    /// <summary>These indices if they are on the backend already, else a copy there.</summary>
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
        using var copy = part.Copy();
        return OfBits(copy);
    }
}
