using SeqCore.Kernels;

namespace SeqCore;

/// <summary>
/// Reads and writes NumPy's format for one array: .npy, versions 1 to 3, of Python 2 and 3, in either order of axes and of bytes.
/// </summary>
public static class NpyFile
{
    /// <summary>Reads an array of floats.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="convert">
    /// Whether float64 and integers are rounded to float32; otherwise they are an error. float16 is always read.
    /// </param>
    /// <param name="backend">The backend on which the tensor is made; null for the default.</param>
    /// <exception cref="TensorFileException">The file is damaged, or its elements are of a type that is not read.</exception>
    public static Tensor Read(string path, bool convert = false, Backend? backend = null)
    {
        using var stream = InputFile.Open(path);
        return Read(stream, path, convert, backend);
    }

    /// <summary>Reads an array of floats from a stream that can seek, from its current position to its end.</summary>
    /// <exception cref="TensorFileException">The file is damaged, or its elements are of a type that is not read.</exception>
    public static Tensor Read(Stream stream, string name, bool convert = false, Backend? backend = null) =>
        Read(Source(stream, name), convert, backend);

    /// <summary>Reads an array of integers of any size whose values fit into 32 bits.</summary>
    /// <exception cref="TensorFileException">The file is damaged, or its elements are of a type that is not read.</exception>
    public static IndexTensor ReadIndices(string path, Backend? backend = null)
    {
        using var stream = InputFile.Open(path);
        return ReadIndices(stream, path, backend);
    }

    /// <summary>Reads an array of integers from a stream that can seek, from its current position to its end.</summary>
    /// <exception cref="TensorFileException">The file is damaged, or its elements are of a type that is not read.</exception>
    public static IndexTensor ReadIndices(Stream stream, string name, Backend? backend = null) =>
        ReadIndices(Source(stream, name), backend);

    /// <summary>
    /// Writes a tensor as float32 in row-major order. An earlier file stays whole until the new one is (see
    /// <see cref="AtomicFile"/>).
    /// </summary>
    /// <exception cref="ObjectDisposedException">The tensor has been disposed.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file or its folder may not be written.</exception>
    public static void Write(string path, Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        _ = tensor.Strided;
        AtomicFile.Write(path, stream => Write(stream, tensor));
    }

    /// <summary>
    /// Writes a tensor as int32 in row-major order. An earlier file stays whole until the new one is (see
    /// <see cref="AtomicFile"/>).
    /// </summary>
    /// <exception cref="ObjectDisposedException">The tensor has been disposed.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file or its folder may not be written.</exception>
    public static void Write(string path, IndexTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        _ = tensor.Span;
        AtomicFile.Write(path, stream => Write(stream, tensor));
    }

    /// <summary>Writes a tensor to a stream as float32 in row-major order.</summary>
    /// <exception cref="ObjectDisposedException">The tensor has been disposed.</exception>
    public static void Write(Stream stream, Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tensor);
        _ = tensor.Strided;
        stream.Write(NpyHeader.Format("<f4", tensor.Shape));
        TensorSink.Write(stream, tensor);
    }

    /// <summary>Writes a tensor to a stream as int32 in row-major order.</summary>
    /// <exception cref="ObjectDisposedException">The tensor has been disposed.</exception>
    public static void Write(Stream stream, IndexTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tensor);
        _ = tensor.Span;
        stream.Write(NpyHeader.Format("<i4", tensor.Shape));
        TensorSink.Write(stream, tensor);
    }

    internal static Tensor Read(TensorSource source, bool convert, Backend? backend)
    {
        var (header, shape) = Start(source);
        if (!header.ColumnMajor)
            return Finish(source, source.ReadTensor(shape, header.Type, convert, backend));
        Span<int> order = stackalloc int[shape.Rank];
        for (var i = 0; i < order.Length; i++)
            order[i] = order.Length - 1 - i;
        using var reversed = Finish(source, source.ReadTensor(Reversed(shape), header.Type, convert, backend));
        using var view = reversed.Permute(order);
        return view.Copy();
    }

    internal static IndexTensor ReadIndices(TensorSource source, Backend? backend)
    {
        var (header, shape) = Start(source);
        var values = source.ReadIntegers(shape, header.Type);
        source.ExpectEnd();
        return IndexTensor.FromSpan(header.ColumnMajor ? RowMajor(values, shape) : values, shape, backend);
    }

    private static TensorSource Source(Stream stream, string name)
    {
        ArgumentNullException.ThrowIfNull(stream);
        InputFile.RequireSeekable(stream);
        return new TensorSource(stream, stream.Length - stream.Position, name);
    }

    private static (NpyHeader Header, Shape Shape) Start(TensorSource source)
    {
        var header = NpyHeader.Read(source);
        source.IsBigEndian = header.IsBigEndian;
        return (header, source.CheckShape(header.Sizes, header.Type));
    }

    private static Tensor Finish(TensorSource source, Tensor tensor)
    {
        try
        {
            source.ExpectEnd();
            return tensor;
        }
        catch
        {
            tensor.Dispose();
            throw;
        }
    }

    private static Shape Reversed(Shape shape)
    {
        var sizes = shape.Sizes.ToArray();
        Array.Reverse(sizes);
        return new Shape(sizes);
    }

    private static int[] RowMajor(int[] columnMajor, Shape shape)
    {
        var result = new int[columnMajor.Length];
        for (var i = 0; i < result.Length; i++)
        {
            int rest = i, from = 0, block = shape.ElementCount;
            for (var axis = shape.Rank - 1; axis >= 0; axis--)
            {
                block /= shape[axis];
                from += rest % shape[axis] * block;
                rest /= shape[axis];
            }

            result[i] = columnMajor[from];
        }

        return result;
    }
}
