using SeqCore.Kernels;

namespace SeqCore;

/// <summary>
/// The bytes of an untrusted file. Their number is known from the file's length, so everything that a header claims is compared
/// with it before anything is allocated.
/// </summary>
/// <param name="stream">The stream, at the first byte.</param>
/// <param name="length">The largest number of bytes that the stream has.</param>
/// <param name="file">The file's name for errors.</param>
/// <param name="tensor">The tensor's name for errors; null for the file as a whole.</param>
internal sealed class TensorSource(Stream stream, long length, string file, string? tensor = null)
{
    private const int ChunkBytes = 1 << 18;

    /// <summary>Whether elements are stored in the file with their most significant byte first.</summary>
    internal bool IsBigEndian { get; set; }

    /// <summary>The number of bytes not yet read.</summary>
    internal long Remaining { get; private set; } = length;

    internal TensorFileException Error(string problem, Exception? inner = null) => new(file, tensor, problem, inner);

    /// <summary>Reads bytes until the destination is full.</summary>
    /// <exception cref="TensorFileException">The file ends too early.</exception>
    internal void Read(Span<byte> destination)
    {
        if (destination.Length > Remaining)
            throw Error($"it ends after {Remaining} more bytes, but {destination.Length} are expected. Is the file cut short?");
        var read = 0;
        while (read < destination.Length)
        {
            var count = ReadSome(destination[read..]);
            if (count == 0)
                throw Error($"it ends {destination.Length - read} bytes early. Is the file cut short?");
            read += count;
        }

        Remaining -= read;
    }

    /// <summary>Requires that no bytes follow.</summary>
    internal void ExpectEnd()
    {
        Span<byte> more = stackalloc byte[1];
        if (Remaining > 0)
            throw Error($"{Remaining} bytes follow the last element.");
        if (ReadSome(more) > 0)
            throw Error("more bytes follow the last element.");
    }

    /// <summary>Checks the sizes that a header claims, and that the file has their elements.</summary>
    internal Shape CheckShape(ReadOnlySpan<long> sizes, ElementType type)
    {
        var shape = CheckSizes(sizes, file, tensor);
        var bytes = (long)shape.ElementCount * type.Size();
        if (bytes > Remaining)
            throw Error($"shape {shape} of {type} takes {bytes} bytes, but only {Remaining} follow. Is the file cut short?");
        return shape;
    }

    /// <summary>Checks the sizes that a header claims.</summary>
    internal static Shape CheckSizes(ReadOnlySpan<long> sizes, string file, string? tensor)
    {
        if (sizes.Length > Layout.MaxRank)
            throw new TensorFileException(file, tensor, $"it has {sizes.Length} axes, but at most {Layout.MaxRank} can be read.");
        Span<int> result = stackalloc int[sizes.Length];
        long count = 1;
        for (var i = 0; i < sizes.Length; i++)
        {
            if (sizes[i] < 0)
                throw new TensorFileException(file, tensor, $"axis {i} has the negative size {sizes[i]}.");
            if (sizes[i] > int.MaxValue || (count *= sizes[i]) > int.MaxValue)
            {
                throw new TensorFileException(file, tensor,
                    $"shape ({string.Join(", ", sizes.ToArray())}) has more than 2^31 - 1 elements.");
            }

            result[i] = (int)sizes[i];
        }

        return new Shape(result);
    }

    /// <summary>Reads elements and converts them to float32.</summary>
    /// <param name="shape">The shape, which has been checked.</param>
    /// <param name="type">The type of the elements in the file.</param>
    /// <param name="convert">
    /// Whether types with values that float32 cannot represent are rounded to it; otherwise they are an error.
    /// </param>
    /// <param name="backend">The backend on which the tensor is made; null for the default.</param>
    internal Tensor ReadTensor(Shape shape, ElementType type, bool convert, Backend? backend)
    {
        if (!convert && !type.FitsFloat32())
        {
            throw Error($"its elements are {type}."
                + $" Ask for conversion to float32{(type.IsInteger() ? ", or read it as indices" : "")}.");
        }

        var result = Tensor.Uninitialized(shape, backend);
        try
        {
            var count = Math.Min(shape.ElementCount, ChunkBytes / type.Size());
            var bytes = new byte[count * type.Size()];
            var values = new float[count];
            for (var done = 0; done < shape.ElementCount; done += count)
            {
                count = Math.Min(count, shape.ElementCount - done);
                var chunk = bytes.AsSpan(0, count * type.Size());
                ReadElements(chunk, type);
                ElementTypes.Convert(type, chunk, values.AsSpan(0, count));
                result.Backend.Upload(values.AsSpan(0, count), result.Span.Slice(done, count));
            }

            return result;
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }

    /// <summary>Reads integers and converts them to int32.</summary>
    /// <exception cref="TensorFileException">The elements are not integers, or one does not fit into 32 bits.</exception>
    internal int[] ReadIntegers(Shape shape, ElementType type)
    {
        if (!type.IsInteger())
            throw Error($"its elements are {type}, not integers. Read it as a tensor.");
        var result = HostArray.New<int>($"{file}: {shape}", shape.ElementCount);
        var count = Math.Min(shape.ElementCount, ChunkBytes / type.Size());
        var bytes = new byte[count * type.Size()];
        for (var done = 0; done < result.Length; done += count)
        {
            count = Math.Min(count, result.Length - done);
            var chunk = bytes.AsSpan(0, count * type.Size());
            ReadElements(chunk, type);
            if (ElementTypes.Convert(type, chunk, result.AsSpan(done, count)) is { } misfit)
                throw Error($"it holds {misfit}, which is not a 32-bit integer.");
        }

        return result;
    }

    private void ReadElements(Span<byte> chunk, ElementType type)
    {
        Read(chunk);
        if (IsBigEndian)
            ElementTypes.ReverseEach(chunk, type.Size());
    }

    private int ReadSome(Span<byte> destination)
    {
        try
        {
            return stream.Read(destination);
        }
        catch (InvalidDataException e)
        {
            throw Error("its compressed bytes are damaged.", e);
        }
    }
}
