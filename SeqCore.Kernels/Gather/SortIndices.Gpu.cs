using System.Numerics;
using ILGPU;
using SeqCore.Kernels.Gather;

namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    /// <summary>
    /// Sorts indices by a stable counting sort, eight bits at a time from the lowest: each tile of 256 indices counts its digits,
    /// prefix sums of the counts give the offset of each tile's digits, and each index is moved there. Indices outside [0, rows)
    /// are noted and come last, with the value rows.
    /// </summary>
    private SortedIndices SortIndices(DeviceSpan<int> indices, int rows, ArrayView<int> notes, int number, string operation) =>
        SortKeys(indices, default, rows, 32 - BitOperations.LeadingZeroCount((uint)rows), notes, number, operation);

    /// <summary>
    /// Sorts keys by their lowest bits. With -1 rows all keys are in range, as unsigned numbers; then there is no number of
    /// notes.
    /// </summary>
    /// <param name="keys">The keys.</param>
    /// <param name="positions">The original positions of the keys; absent if they are in their original order.</param>
    /// <param name="rows">The number that keys in range are below, or -1.</param>
    /// <param name="bits">The number of bits that are sorted by.</param>
    /// <param name="notes">Where keys out of range are noted.</param>
    /// <param name="number">The number of the operation in the notes; 0 for none.</param>
    /// <param name="operation">The name of the operation.</param>
    private SortedIndices SortKeys(DeviceSpan<int> keys, DeviceSpan<int> positions, int rows, int bits, ArrayView<int> notes,
        int number, string operation)
    {
        int count = keys.Length, tiles = SortTiles(operation, count), countsLength = DigitCountsKernel.Digits * tiles;

        // A buffer for each, because a span counts elements in int.
        using DeviceBuffer countMemory = Scratch((long)countsLength * sizeof(int)),
            offsetMemory = Scratch((long)countsLength * sizeof(int));
        DeviceSpan<int> counts = new(countMemory, 0, countsLength), offsets = new(offsetMemory, 0, countsLength);
        SortedIndices? last = null, sorted = null;
        for (var shift = 0; shift == 0 || shift < bits; shift += 8)
        {
            Launch(new DigitCountsKernel
            {
                Keys = View(keys),
                Counts = View(counts),
                Notes = notes,
                Number = number,
                Count = count,
                Rows = rows,
                Shift = shift,
            }, tiles, operation);
            Launch(new DigitOffsetsKernel { Counts = View(counts), Offsets = View(offsets), Tiles = tiles }, 1, operation);
            var next = last ?? new SortedIndices(Scratch((long)count * sizeof(int)), Scratch((long)count * sizeof(int)), count);
            Launch(new DigitScatterKernel
            {
                Keys = View(keys),
                Positions = View(positions),
                Offsets = View(offsets),
                NextKeys = View(next.Keys),
                NextPositions = View(next.Positions),
                Count = count,
                Rows = rows,
                Shift = shift,
            }, tiles, operation);
            (last, sorted) = (sorted, next);
            (keys, positions) = (next.Keys, next.Positions);
        }

        last?.Dispose();
        return sorted!;
    }

    /// <summary>
    /// Returns the number of tiles of a sort. There is a count for each digit of each tile, so 2^31 - 256 elements are the most.
    /// </summary>
    /// <exception cref="SizeLimitException">There are more elements.</exception>
    internal static int SortTiles(string operation, int count)
    {
        var tiles = RowChunking.Chunks(count, DigitCountsKernel.Tile);
        SizeLimitException.Check($"{operation}: the counts of digits", (long)DigitCountsKernel.Digits * tiles,
            "Work on a part at a time.");
        return tiles;
    }
}
