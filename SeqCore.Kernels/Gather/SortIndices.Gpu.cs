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
        int count = keys.Length, tiles = (count + DigitCountsKernel.Tile - 1) / DigitCountsKernel.Tile;
        var memory = Scratch(4L * count * sizeof(int));
        DeviceSpan<int> Part(int part) => new(memory, part * count, count);
        var countsLength = DigitCountsKernel.Digits * tiles;
        using var countMemory = Scratch(2L * countsLength * sizeof(int));
        DeviceSpan<int> counts = new(countMemory, 0, countsLength), offsets = new(countMemory, countsLength, countsLength);
        for (int shift = 0, turn = 0; shift == 0 || shift < bits; shift += 8, turn ^= 1)
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
            DeviceSpan<int> nextKeys = Part(2 * turn), nextPositions = Part(2 * turn + 1);
            Launch(new DigitScatterKernel
            {
                Keys = View(keys),
                Positions = View(positions),
                Offsets = View(offsets),
                NextKeys = View(nextKeys),
                NextPositions = View(nextPositions),
                Count = count,
                Rows = rows,
                Shift = shift,
            }, tiles, operation);
            (keys, positions) = (nextKeys, nextPositions);
        }

        return new SortedIndices(memory, keys, positions);
    }
}
