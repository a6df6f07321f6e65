using SeqCore.Kernels;

namespace SeqCore;

/// <summary>
/// Contiguous int32 values with a shape, such as tokens, classes or positions. No scope owns an index tensor; it lives until it
/// is disposed or collected.
/// </summary>
/// <example>
/// <code>
/// using var tokens = IndexTensor.FromArray(new[,] { { 3, 1, 2 }, { 7, 4, 0 } });
/// using var last = tokens[.., ^1];
/// using var shifted = last + 10;
/// Console.WriteLine(tokens.Shape);                           // (2, 3)
/// Console.WriteLine(string.Join(", ", shifted.ToArray()));   // 12, 10
/// </code>
/// </example>
public sealed partial class IndexTensor : IDisposable
{
    private readonly DeviceBuffer buffer;
    private int disposed;

    private IndexTensor(DeviceBuffer buffer, Shape shape)
    {
        this.buffer = buffer;
        Shape = shape;
    }

    /// <summary>The sizes of the axes.</summary>
    public Shape Shape { get; }

    /// <summary>The number of elements.</summary>
    public int ElementCount => Shape.ElementCount;

    /// <summary>Whether the tensor has been disposed.</summary>
    public bool IsDisposed => Volatile.Read(ref disposed) != 0;

    /// <summary>The backend that holds the memory.</summary>
    public Backend Backend => buffer.Backend;

    /// <summary>The elements, for kernels.</summary>
    /// <exception cref="ObjectDisposedException">The tensor has been disposed.</exception>
    public DeviceSpan<int> Span
    {
        get
        {
            ThrowIfDisposed();
            StaleReads.Check(buffer, Shape);
            return new DeviceSpan<int>(buffer, 0, ElementCount);
        }
    }

    /// <summary>Makes a tensor with undefined elements, for results that are about to be written.</summary>
    public static IndexTensor Uninitialized(Shape shape, Backend? backend = null)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var buffer = (backend ?? Backend.Default).Rent((long)shape.ElementCount * sizeof(int));
        buffer.SetOwned(byScope: false);
        return new IndexTensor(buffer, shape);
    }

    /// <summary>Makes a tensor from values in row-major order.</summary>
    /// <exception cref="ShapeException">The number of values is not the number of elements of the shape.</exception>
    public static IndexTensor FromSpan(ReadOnlySpan<int> values, Shape shape, Backend? backend = null)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (values.Length != shape.ElementCount)
        {
            throw ShapeException.Wrong("IndexTensor.FromSpan", "values", $"({shape.ElementCount},)", new Shape(values.Length),
                $"the shape is {shape}");
        }

        var result = Uninitialized(shape, backend);
        result.Backend.Upload(values, result.Span);
        return result;
    }

    /// <summary>Makes a tensor of shape (n) from an array.</summary>
    public static IndexTensor FromArray(int[] values, Backend? backend = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        return FromSpan(values, new Shape(values.Length), backend);
    }

    /// <summary>Makes a tensor with the shape and the values of an array.</summary>
    public static IndexTensor FromArray(int[,] values, Backend? backend = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        return FromSpan([.. values.Cast<int>()], new Shape(values.GetLength(0), values.GetLength(1)), backend);
    }

    /// <summary>Copies the values, in row-major order, to an array; waits for the device.</summary>
    public int[] ToArray()
    {
        var result = HostArray.New<int>("ToArray", ElementCount);
        Backend.Download(Span, result);
        return result;
    }

    /// <summary>Returns a view of the same elements in another shape, which keeps the memory alive by itself.</summary>
    /// <exception cref="ShapeException">The shape has another number of elements than the tensor.</exception>
    public IndexTensor Reshape(Shape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (shape.ElementCount != ElementCount)
        {
            throw ShapeException.Wrong("Reshape", "result", $"of {Counted.Of(ElementCount, "element")}", shape,
                $"the tensor has shape {Shape}");
        }

        ThrowIfDisposed();
        buffer.AddReference();
        return new IndexTensor(buffer, shape);
    }

    /// <summary>Returns the shape and the aligned values as text.</summary>
    public override string ToString()
    {
        if (IsDisposed)
            return $"IndexTensor {Shape}, closed";
        return TensorPrinter.Print("IndexTensor", ToArray(), Shape, Shape);
    }

    private void ThrowIfDisposed()
    {
        if (IsDisposed)
        {
            throw new ObjectDisposedException(nameof(IndexTensor),
                $"IndexTensor: this tensor of shape {Shape} was closed by Dispose.");
        }
    }

    /// <summary>Releases the memory unless reshaped views still use it.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 0)
            buffer.Dispose();
    }
}
