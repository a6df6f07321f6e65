using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// A part of a <see cref="KeyValueCache"/>: memory for the keys of consecutive tokens, shape (B, M, capacity, K), and for their
/// values, shape (B, M, capacity, J).
/// </summary>
internal sealed class KeyValueSegment : IDisposable
{
    private readonly Tensor keys;
    private readonly Tensor values;

    internal KeyValueSegment(int batchSize, int keyHeadCount, int capacity, int headSize, int valueSize, Backend backend)
    {
        using var suspension = TensorScope.Suspend();
        var shape = new Shape(batchSize, keyHeadCount, capacity, headSize);
        (keys, values) = (Tensor.Uninitialized(shape, backend), Tensor.Uninitialized(shape.With(3, valueSize), backend));
    }

    /// <summary>The position of the first token.</summary>
    internal int Start { get; private set; }

    /// <summary>The number of tokens held.</summary>
    internal int Length { get; private set; }

    internal int Capacity => keys.Shape[2];

    internal int Room => Capacity - Length;

    internal HeadsSpan Keys => HeadsOf(keys);

    internal HeadsSpan Values => HeadsOf(values);

    /// <summary>A view of the keys held, shape (B, M, length, K).</summary>
    internal Tensor HeldKeys => keys.Slice(2, 0, Length);

    /// <summary>A view of the values held, shape (B, M, length, J).</summary>
    internal Tensor HeldValues => values.Slice(2, 0, Length);

    /// <summary>Empties the segment and starts it at a position.</summary>
    internal void Begin(int position) => (Start, Length) = (position, 0);

    /// <summary>Appends copies of some steps of keys and values.</summary>
    internal void Append(HeadsSpan newKeys, HeadsSpan newValues, int from, int count)
    {
        Write(newKeys, keys);
        Write(newValues, values);
        Length += count;

        void Write(HeadsSpan source, Tensor held) =>
            held.Backend.Copy(Steps(source, held.Shape, from, count), Steps(HeadsOf(held), held.Shape, Length, count));
    }

    /// <summary>Replaces row b by a copy of row rows[b].</summary>
    internal void Reorder(ReadOnlySpan<int> rows)
    {
        Reorder(keys, rows);
        Reorder(values, rows);
    }

    public void Dispose()
    {
        keys.Dispose();
        values.Dispose();
    }

    internal static HeadsSpan HeadsOf(Tensor heads)
    {
        var strided = heads.Strided;
        return new HeadsSpan(strided.Data, strided.Layout.Stride(0), strided.Layout.Stride(1), strided.Layout.Stride(2));
    }

    /// <summary>Copies heads to a tensor of their own.</summary>
    internal static Tensor Copy(HeadsSpan heads, Shape shape, Backend backend)
    {
        var copy = Tensor.Uninitialized(shape, backend);
        backend.Copy(Steps(heads, shape, 0, shape[2]), Steps(HeadsOf(copy), shape, 0, shape[2]));
        return copy;
    }

    private static StridedSpan Steps(HeadsSpan heads, Shape shape, int from, int count)
    {
        var skip = from * heads.StepStride;
        ReadOnlySpan<int> sizes = [shape[0], shape[1], count, shape[3]],
            strides = [heads.BatchStride, heads.HeadStride, heads.StepStride, 1];
        return new StridedSpan(heads.Data.Slice(skip, heads.Data.Length - skip), new Layout(sizes, strides));
    }

    private void Reorder(Tensor held, ReadOnlySpan<int> rows)
    {
        using var part = held.Slice(2, 0, Length);
        using var old = part.Copy();
        for (var b = 0; b < rows.Length; b++)
        {
            if (rows[b] == b)
                continue;
            using Tensor to = part.Select(0, b), from = old.Select(0, rows[b]);
            to.CopyFrom(from);
        }
    }
}
