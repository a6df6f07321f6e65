using SeqCore.Kernels;
using SeqCore.Tensors;

namespace SeqCore.Models;

/// <summary>Part of a <see cref="KeyValueCache"/>: room for the keys and values of neighbouring tokens, each of shape (B, M, capacity, K).</summary>
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

    /// <summary>Position of the first token.</summary>
    internal int Start { get; private set; }

    /// <summary>Tokens held.</summary>
    internal int Length { get; private set; }

    internal int Capacity => keys.Shape[2];

    internal int Room => Capacity - Length;

    internal HeadsSpan Keys => HeadsOf(keys);

    internal HeadsSpan Values => HeadsOf(values);

    /// <summary>Empties it, for tokens from a position on.</summary>
    internal void Begin(int position) => (Start, Length) = (position, 0);

    /// <summary>Copies some steps of two tensors of shape (B, M, T, K) behind what is held.</summary>
    internal void Append(Tensor newKeys, Tensor newValues, int from, int count)
    {
        Write(newKeys, keys);
        Write(newValues, values);
        Length += count;

        void Write(Tensor source, Tensor destination)
        {
            using var place = destination.Slice(2, Length, count);
            using var part = source.Slice(2, from, count);
            place.CopyFrom(part);
        }
    }

    /// <summary>Row b becomes a copy of row rows[b].</summary>
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
