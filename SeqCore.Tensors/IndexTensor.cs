using SeqCore.Kernels;

namespace SeqCore.Tensors;

/// <summary>Contiguous int32 values with a shape: tokens, classes, positions. Owned like a tensor that no scope owns.</summary>
public sealed class IndexTensor : IDisposable
{
    private readonly DeviceBuffer buffer;

    private IndexTensor(DeviceBuffer buffer, Shape shape)
    {
        this.buffer = buffer;
        Shape = shape;
    }

    /// <summary>Sizes of the axes.</summary>
    public Shape Shape { get; }

    /// <summary>Number of elements.</summary>
    public int ElementCount => Shape.ElementCount;

    /// <summary>The backend that holds the memory.</summary>
    public Backend Backend => buffer.Backend;

    /// <summary>The elements, for kernels.</summary>
    public DeviceSpan<int> Span => new(buffer, 0, ElementCount);

    /// <summary>A tensor of zeros or of undefined values about to be written.</summary>
    public static IndexTensor Uninitialized(Shape shape, Backend? backend = null)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return new IndexTensor((backend ?? Backend.Default).Rent((long)shape.ElementCount * sizeof(int)), shape);
    }

    /// <summary>A tensor with these values in row-major order.</summary>
    /// <exception cref="ShapeException">The number of values is not that of the shape.</exception>
    public static IndexTensor FromSpan(ReadOnlySpan<int> values, Shape shape, Backend? backend = null)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (values.Length != shape.ElementCount)
            throw ShapeException.Wrong("IndexTensor.FromSpan", "values", $"({shape.ElementCount},)", new Shape(values.Length), $"the shape is {shape}");
        var result = Uninitialized(shape, backend);
        result.Backend.Upload(values, result.Span);
        return result;
    }

    /// <summary>The values in row-major order.</summary>
    public int[] ToArray()
    {
        var result = new int[ElementCount];
        Backend.Download(Span, result);
        return result;
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => buffer.Dispose();
}
