using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// A part of a <see cref="KeyValueCache"/>: memory for the keys and values of consecutive tokens, each of shape (B, M, capacity,
/// K).
/// </summary>
internal sealed class KeyValueSegment : IDisposable
{
    private readonly Tensor keys;
    private readonly Tensor values;

    internal KeyValueSegment(int batchSize, int keyHeadCount, int capacity, int headSize, Backend backend)
    {
        using var suspension = TensorScope.Suspend();
        var shape = new Shape(batchSize, keyHeadCount, capacity, headSize);
        (keys, values) = (Tensor.Uninitialized(shape, backend), Tensor.Uninitialized(shape, backend));
    }

    /// <summary>The position of the first token.</summary>
    internal int Start { get; private set; }

    /// <summary>The number of tokens held.</summary>
    internal int Length { get; private set; }

    internal int Capacity => keys.Shape[2];

    internal int Room => Capacity - Length;

    internal HeadsSpan Keys => HeadsOf(keys);

    internal HeadsSpan Values => HeadsOf(values);

    /// <summary>Empties the segment and starts it at a position.</summary>
    internal void Begin(int position) => (Start, Length) = (position, 0);

    /// <summary>Appends copies of some steps of keys and values, shape (B, M, T, K).</summary>
    internal void Append(HeadsSpan newKeys, HeadsSpan newValues, int from, int count)
    {
        Write(newKeys, Keys);
        Write(newValues, Values);
        Length += count;

        void Write(HeadsSpan source, HeadsSpan destination) =>
            keys.Backend.Copy(Steps(source, from, count), Steps(destination, Length, count));
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

    private StridedSpan Steps(HeadsSpan heads, int from, int count)
    {
        var skip = from * heads.StepStride;
        ReadOnlySpan<int> sizes = [keys.Shape[0], keys.Shape[1], count, keys.Shape[3]],
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
