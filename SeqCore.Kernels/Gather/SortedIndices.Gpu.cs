using ILGPU;

namespace SeqCore.Kernels.Gather;

/// <summary>Indices in ascending order, with their original positions; equal indices keep their order.</summary>
internal sealed class SortedIndices(DeviceBuffer keys, DeviceBuffer positions, int count) : IDisposable
{
    internal DeviceSpan<int> Keys => new(keys, 0, count);

    internal DeviceSpan<int> Positions => new(positions, 0, count);

    public void Dispose()
    {
        keys.Dispose();
        positions.Dispose();
    }
}

/// <summary>
/// Counts the digits of a tile in shared memory, one index for each thread: counts do not depend on the order of addition.
/// </summary>
internal struct DigitCountsKernel : IGpuKernel
{
    internal const int Digits = 256;
    internal const int Tile = 256;

    internal ArrayView<int> Keys;

    /// <summary>Output: the counts, shape (tiles, digits), so that the threads of a group access neighbours.</summary>
    internal ArrayView<int> Counts;
    internal ArrayView<int> Notes;
    internal int Number;
    internal int Count;
    internal int Rows;
    internal int Shift;

    /// <summary>Returns the index, or rows if it is out of range.</summary>
    internal static int Key(int index, int rows) => (uint)index < (uint)rows ? index : rows;

    public readonly void Run()
    {
        var counts = SharedMemory.Allocate<int>(Digits);
        counts[Group.IdxX] = 0;
        Group.Barrier();
        var at = Grid.IdxX * Tile + Group.IdxX;
        if (at < Count)
        {
            var key = Keys[at];
            if (Shift == 0 && Number != 0 && (uint)key >= (uint)Rows)
                IndexProblems.Note(Notes, Number, at, key);
            Atomic.Add(ref counts[(Key(key, Rows) >> Shift) & (Digits - 1)], 1);
        }

        Group.Barrier();
        Counts[Grid.IdxX * Digits + Group.IdxX] = counts[Group.IdxX];
    }
}

/// <summary>
/// Converts counts to offsets; an example with three digits and two tiles:
/// <code>
/// counts   tile 0  tile 1         offsets  tile 0  tile 1
/// digit 0     5       2     ->    digit 0     0       5
/// digit 1     1       4           digit 1     7       8
/// digit 2     3       0           digit 2    12      15
/// </code>
/// In one group, a thread for each digit sums the counts of its digit over the tiles, computes the digit's offset from the sums
/// of the others, and writes the offset of each tile. The memory has a row for each tile, so that the threads of a warp access 32
/// neighbours.
/// </summary>
internal struct DigitOffsetsKernel : IGpuKernel
{
    /// <summary>The counts, shape (tiles, digits).</summary>
    internal ArrayView<int> Counts;

    /// <summary>
    /// The offsets, shape (tiles, digits). Not the memory of the counts, because ILGPU moves a load behind a store that precedes
    /// its use.
    /// </summary>
    internal ArrayView<int> Offsets;
    internal int Tiles;

    public readonly void Run()
    {
        var totals = SharedMemory.Allocate<int>(DigitCountsKernel.Digits);
        var total = 0;
        for (var tile = 0; tile < Tiles; tile++)
            total += Counts[(tile * DigitCountsKernel.Digits) + Group.IdxX];
        totals[Group.IdxX] = total;
        Group.Barrier();
        var place = 0;
        for (var digit = 0; digit < Group.IdxX; digit++)
            place += totals[digit];
        for (var tile = 0; tile < Tiles; tile++)
        {
            var at = (tile * DigitCountsKernel.Digits) + Group.IdxX;
            Offsets[at] = place;
            place += Counts[at];
        }
    }
}

/// <summary>
/// Moves each index behind the preceding equal digits, those of earlier tiles and those of its own, which the thread counts in
/// shared memory.
/// </summary>
internal struct DigitScatterKernel : IGpuKernel
{
    internal ArrayView<int> Keys;

    /// <summary>The original positions of the keys; absent if the keys are in their original order.</summary>
    internal ArrayView<int> Positions;
    internal ArrayView<int> Offsets;
    internal ArrayView<int> NextKeys;
    internal ArrayView<int> NextPositions;
    internal int Count;
    internal int Rows;
    internal int Shift;

    public readonly void Run()
    {
        var digits = SharedMemory.Allocate<int>(DigitCountsKernel.Tile);
        var at = Grid.IdxX * DigitCountsKernel.Tile + Group.IdxX;
        digits[Group.IdxX] = at < Count ? DigitOf(at) : -1;
        Group.Barrier();
        if (at >= Count)
            return;
        var digit = digits[Group.IdxX];
        var before = 0;
        for (var other = 0; other < Group.IdxX; other++)
            before += digits[other] == digit ? 1 : 0;
        var place = Offsets[(Grid.IdxX * DigitCountsKernel.Digits) + digit] + before;
        NextKeys[place] = DigitCountsKernel.Key(Keys[at], Rows);
        NextPositions[place] = Positions.Length == 0 ? at : Positions[at];
    }

    private readonly int DigitOf(int at) => (DigitCountsKernel.Key(Keys[at], Rows) >> Shift) & (DigitCountsKernel.Digits - 1);
}
