using ILGPU;

namespace SeqCore.Kernels.TopK;

/// <summary>The order of values as unsigned numbers: NaN first, zeros alike.</summary>
internal static class TopKOrder
{
    /// <summary>Returns a number that is larger for a larger value, and above 0 for all.</summary>
    internal static uint Of(float value)
    {
        if (float.IsNaN(value))
            return uint.MaxValue;

        // The magnitude of negative floats grows with their bits, so all bits are flipped.
        var bits = Interop.FloatAsInt(value == 0f ? 0f : value);
        return (bits & 0x80000000u) != 0u ? ~bits : bits | 0x80000000u;
    }

    /// <summary>Returns whether element i with order a comes before element j with order b.</summary>
    internal static bool IsBefore(uint a, int i, uint b, int j) => a > b || (a == b && i < j);
}

/// <summary>
/// Finds the k largest elements of a row in one group, for k up to <see cref="Most"/>. The order and the inverted index of an
/// element make a distinct number of eight digits of eight bits. Digit by digit the group counts, in shared memory, the elements
/// that share the digits chosen so far, and chooses the digit that contains the k-th largest, until all elements that share the
/// digits are selected:
/// <code>
/// digit 0   ....#....         elements above # are selected, those below are not; of those with #:
/// digit 1       ..#......     the same, until k are selected
/// </code>
/// Then the k elements are collected in any order, and each thread finds its element's rank by counting those before it.
/// </summary>
internal struct TopKGpuKernel : IGpuKernel
{
    /// <summary>The largest k.</summary>
    internal const int Most = 1024;

    private const int Digits = 256;
    private const int Chosen = 0;
    private const int ChosenIndex = 1;
    private const int Missing = 2;
    private const int Done = 3;
    private const int Collected = 4;

    internal ArrayView<float> X;
    internal ArrayView<float> Values;
    internal ArrayView<int> Indices;
    internal int Columns;
    internal int K;

    public readonly void Run()
    {
        var counts = SharedMemory.Allocate<int>(Digits);
        var state = SharedMemory.Allocate<int>(8);
        var found = SharedMemory.Allocate<int>(Most);
        var start = Grid.IdxX * Columns;
        if (Group.IdxX < 8)
            state[Group.IdxX] = Group.IdxX == Missing ? K : 0;
        Group.Barrier();
        for (var digit = 0; digit < 8; digit++)
        {
            counts[Group.IdxX] = 0;
            Group.Barrier();
            if (state[Done] == 0)
                Count(counts, state, start, digit);
            Group.Barrier();
            if (Group.IdxX == 0 && state[Done] == 0)
                Choose(counts, state, digit);
            Group.Barrier();
        }

        for (var i = Group.IdxX; i < Columns; i += Group.DimX)
        {
            var order = TopKOrder.Of(X[start + i]);
            if (order > (uint)state[Chosen] || (order == (uint)state[Chosen] && ~(uint)i >= (uint)state[ChosenIndex]))
                found[Atomic.Add(ref state[Collected], 1)] = i;
        }

        Group.Barrier();
        for (var slot = Group.IdxX; slot < K; slot += Group.DimX)
            Place(found, start, found[slot]);
    }

    /// <summary>Counts digit number digit of the elements that share the digits before it.</summary>
    private readonly void Count(ArrayView<int> counts, ArrayView<int> state, int start, int digit)
    {
        uint chosen = (uint)state[Chosen], chosenIndex = (uint)state[ChosenIndex];
        var shift = 24 - 8 * (digit & 3);

        // A shift by 32 would be a shift by 0, so it is done in two steps.
        for (var i = Group.IdxX; i < Columns; i += Group.DimX)
        {
            uint order = TopKOrder.Of(X[start + i]), index = ~(uint)i;
            if (digit < 4)
            {
                if (((order ^ chosen) >> shift) >> 8 == 0u)
                    Atomic.Add(ref counts[(int)((order >> shift) & (Digits - 1))], 1);
            }
            else if (order == chosen && ((index ^ chosenIndex) >> shift) >> 8 == 0u)
                Atomic.Add(ref counts[(int)((index >> shift) & (Digits - 1))], 1);
        }
    }

    /// <summary>Chooses the digit that contains the last missing element.</summary>
    private static void Choose(ArrayView<int> counts, ArrayView<int> state, int digit)
    {
        var missing = state[Missing];
        var value = Digits - 1;
        while (counts[value] < missing)
        {
            missing -= counts[value];
            value--;
        }

        state[Missing] = missing;
        state[digit < 4 ? Chosen : ChosenIndex] |= value << (24 - 8 * (digit & 3));
        state[Done] = counts[value] == missing ? 1 : 0;
    }

    private readonly void Place(ArrayView<int> found, int start, int index)
    {
        var value = X[start + index];
        var order = TopKOrder.Of(value);
        var place = 0;
        for (var i = 0; i < K; i++)
            place += TopKOrder.IsBefore(TopKOrder.Of(X[start + found[i]]), found[i], order, index) ? 1 : 0;
        Values[Grid.IdxX * K + place] = value;
        Indices[Grid.IdxX * K + place] = index;
    }
}

/// <summary>
/// Finds the k largest elements of a row for large k: each thread has one element and counts those before it in the whole row.
/// All threads of a warp read the same element at once. The time grows as columns^2, to about a millisecond for a row of 50,000
/// on a large GPU.
/// </summary>
internal struct TopKByRankGpuKernel : IGpuKernel
{
    internal ArrayView<float> X;
    internal ArrayView<float> Values;
    internal ArrayView<int> Indices;
    internal int Columns;
    internal int K;
    internal int GroupsPerRow;

    public readonly void Run()
    {
        int row = Grid.IdxX / GroupsPerRow, mine = Grid.IdxX % GroupsPerRow * Group.DimX + Group.IdxX, start = row * Columns;
        if (mine >= Columns)
            return;
        var value = X[start + mine];
        var order = TopKOrder.Of(value);
        var place = 0;
        for (var i = 0; i < Columns; i++)
            place += TopKOrder.IsBefore(TopKOrder.Of(X[start + i]), i, order, mine) ? 1 : 0;
        if (place >= K)
            return;
        Values[row * K + place] = value;
        Indices[row * K + place] = mine;
    }
}
