using System.Numerics;

namespace SeqCore.Kernels.Attention;

/// <summary>The table of <see cref="AttentionBlocks"/> as kernels of the CPU read it; without blocks all keys are seen.</summary>
internal readonly unsafe struct AttentionBlockTable
{
    private const int Size = AttentionBlocks.Size;

    private readonly int* entries;
    private readonly int* masks;
    private readonly nint batchStride;
    private readonly nint headStride;
    private readonly nint columns;

    internal AttentionBlockTable(in AttentionBlocks blocks, int keyLength)
    {
        entries = blocks.ByQuery.Pointer();
        masks = blocks.Masks.Pointer();
        (batchStride, headStride) = (blocks.BatchStride, blocks.HeadStride);
        columns = AttentionBlocks.Count(keyLength);
    }

    internal bool IsAbsent => entries == null;

    /// <summary>The first key of [key, end) in a block that is not empty for all of some queries; end if there is none.</summary>
    internal int NextSeen(int b, int n, int first, int rows, int key, int end)
    {
        if (entries == null)
            return key;
        while (key < end)
        {
            var skip = Skip(b, n, first, rows, key / Size);
            if (skip == 0)
                return key;
            key = (key / Size + skip) * Size;
        }

        return end;
    }

    /// <summary>The end of the keys from one on, before end, whose blocks are not empty for all of some queries.</summary>
    internal int EndSeen(int b, int n, int first, int rows, int key, int end)
    {
        if (entries == null)
            return end;
        while (key < end && Skip(b, n, first, rows, key / Size) == 0)
            key = (key / Size + 1) * Size;
        return Math.Min(key, end);
    }

    /// <summary>The end of [key, end) without the blocks at its end that are empty for all of some queries.</summary>
    internal int LastSeen(int b, int n, int first, int rows, int key, int end)
    {
        if (entries == null)
            return end;
        while (key < end && Skip(b, n, first, rows, (end - 1) / Size) != 0)
            end = (end - 1) / Size * Size;
        return Math.Max(key, end);
    }

    /// <summary>
    /// Queries [first, end) without those at either end whose blocks are empty for all of keys [key, endKey).
    /// </summary>
    internal (int First, int End) QueriesSeeing(int b, int n, int first, int end, int key, int endKey)
    {
        if (entries == null)
            return (first, end);
        while (first < end && NextSeen(b, n, first, 1, key, endKey) >= endKey)
            first = (first / Size + 1) * Size;
        while (first < end && NextSeen(b, n, end - 1, 1, key, endKey) >= endKey)
            end = (end - 1) / Size * Size;
        return (first, end);
    }

    /// <summary>Sets the scores of query i for keys of [key, end) that it may not see to minus infinity.</summary>
    internal void Hide(float* scores, int b, int n, int i, int key, int end)
    {
        if (entries == null)
            return;
        var row = Row(b, n, i / Size);
        for (var from = key; from < end; from = (from / Size + 1) * Size)
        {
            var entry = row[from / Size];
            if (entry == 0)
                continue;
            var hidden = entry < 0 ? ulong.MaxValue : ~Seen(entry - 1, i % Size);
            var start = from / Size * Size;
            hidden &= ulong.MaxValue << (from - start);
            if (end - start < Size)
                hidden &= (1UL << (end - start)) - 1;
            while (hidden != 0)
            {
                var at = BitOperations.TrailingZeroCount(hidden);
                var count = BitOperations.TrailingZeroCount(~(hidden >> at));
                new Span<float>(scores + (start + at - key), count).Fill(float.NegativeInfinity);
                hidden = at + count >= Size ? 0 : hidden & (ulong.MaxValue << (at + count));
            }
        }
    }

    private ulong Seen(int mask, int row)
    {
        var bits = masks + ((nint)mask * AttentionBlocks.MaskLength) + (2 * row);
        return (uint)bits[0] | ((ulong)(uint)bits[1] << 32);
    }

    /// <summary>How many blocks from a column on are empty for all of some queries.</summary>
    private int Skip(int b, int n, int first, int rows, int column)
    {
        var least = int.MaxValue;
        for (var row = first / Size; row <= (first + rows - 1) / Size; row++)
        {
            var entry = Row(b, n, row)[column];
            if (entry >= 0)
                return 0;
            least = Math.Min(least, -entry);
        }

        return least;
    }

    private int* Row(int b, int n, int row) => entries + (b * batchStride) + (n * headStride) + (row * columns);
}
