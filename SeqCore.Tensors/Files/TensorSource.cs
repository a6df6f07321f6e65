using SeqCore.Kernels;

namespace SeqCore;

/// <summary>
/// Bytes of a file that are not to be trusted. The number of bytes is known from outside (the file's length), so whatever a
/// header says is compared with it before anything is allocated.
/// </summary>
/// <param name="stream">At the first byte.</param>
/// <param name="length">Bytes there are, at most.</param>
/// <param name="file">Named in errors.</param>
/// <param name="tensor">Named in errors; null for the file as a whole.</param>
internal sealed class TensorSource(Stream stream, long length, string file, string? tensor = null)
{
    private const int ChunkBytes = 1 << 18;

    /// <summary>Whether elements lie in the file with their most significant byte first.</summary>
    internal bool IsBigEndian { get; set; }

    /// <summary>Bytes not yet read.</summary>
    internal long Remaining { get; private set; } = length;

    internal TensorFileException Error(string problem, Exception? inner = null) => new(file, tensor, problem, inner);

    /// <summary>Fills the destination.</summary>
    /// <exception cref="TensorFileException">The bytes end before.</exception>
    internal void Read(Span<byte> destination)
    {
        if (destination.Length > Remaining)
            throw Error($"it ends after {Remaining} more bytes where {destination.Length} are expected. Is the file cut short?");
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

    /// <summary>Requires that nothing follows.</summary>
    internal void ExpectEnd()
    {
        Span<byte> more = stackalloc byte[1];
        if (Remaining > 0)
            throw Error($"{Remaining} bytes follow the last element.");
        if (ReadSome(more) > 0)
            throw Error("more bytes follow the last element.");
    }

    /// <summary>Checks sizes that a header claims, and that their elements are here.</summary>
    internal Shape CheckShape(ReadOnlySpan<long> sizes, ElementType type)
    {
        var shape = CheckSizes(sizes, file, tensor);
        var bytes = (long)shape.ElementCount * type.Size();
        if (bytes > Remaining)
            throw Error($"shape {shape} of {type} takes {bytes} bytes, but only {Remaining} follow. Is the file cut short?");
        return shape;
    }

    /// <summary>Checks sizes that a header claims.</summary>
    internal static Shape CheckSizes(ReadOnlySpan<long> sizes, string file, string? tensor)
    {
        if (sizes.Length > Layout.MaxRank)
            throw new TensorFileException(file, tensor, $"it has {sizes.Length} axes; at most {Layout.MaxRank} are read.");
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

    /// <summary>Reads elements as float32.</summary>
    /// <param name="shape">Checked before.</param>
    /// <param name="type">As they lie in the file.</param>
    /// <param name="convert">Whether types with values that are no float32 are rounded to it; else they are an error.</param>
    /// <param name="backend">Where the tensor is made.</param>
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

    /// <summary>Reads integers as int32.</summary>
    /// <exception cref="TensorFileException">They are no integers, or one is no int32.</exception>
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
                throw Error($"it holds {misfit}, which is no 32-bit integer.");
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
