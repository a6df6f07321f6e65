using ILGPU;

namespace SeqCore.Kernels.Sort;

/// <summary>The keys of values: unsigned numbers in the order of the result.</summary>
internal struct GpuSortKeys
{
    internal ArrayView<float> X;

    /// <summary>1 if the largest values come first, otherwise 0.</summary>
    internal int Descending;

    /// <summary>1 if the values are integers, otherwise 0.</summary>
    internal int AreIntegers;

    internal readonly uint Of(int at)
    {
        var value = X[at];
        var key = AreIntegers != 0 ? Interop.FloatAsInt(value) ^ 0x80000000u : OfFloat(value);
        return Descending != 0 ? ~key : key;
    }

    private static uint OfFloat(float value)
    {
        if (float.IsNaN(value))
            return uint.MaxValue;

        // The magnitude of negative floats grows with their bits, so all bits are flipped.
        var bits = Interop.FloatAsInt(value == 0f ? 0f : value);
        return (bits & 0x80000000u) != 0u ? ~bits : bits | 0x80000000u;
    }
}

/// <summary>
/// Sorts short rows: each thread has one element and counts those before it in the whole row. All threads of a warp read the same
/// element at once.
/// </summary>
internal struct RankGpuKernel : IGpuKernel
{
    /// <summary>The largest number of columns: from there on sorting by digits takes less time.</summary>
    internal const int Most = 1024;

    internal GpuSortKeys Keys;

    /// <summary>The sorted values; empty if only the indices are wanted.</summary>
    internal ArrayView<float> Values;
    internal ArrayView<int> Indices;
    internal int Columns;
    internal int GroupsPerRow;

    public readonly void Run()
    {
        int row = Grid.IdxX / GroupsPerRow, mine = Grid.IdxX % GroupsPerRow * Group.DimX + Group.IdxX, start = row * Columns;
        if (mine >= Columns)
            return;
        var key = Keys.Of(start + mine);
        var place = 0;
        for (var i = 0; i < Columns; i++)
        {
            var other = Keys.Of(start + i);
            place += other < key || (other == key && i < mine) ? 1 : 0;
        }

        Indices[start + place] = mine;
        if (Values.Length > 0)
            Values[start + place] = Keys.X[start + mine];
    }
}

/// <summary>Writes the keys of all values.</summary>
internal struct SortKeysGpuKernel : IGpuKernel
{
    internal GpuSortKeys Keys;
    internal ArrayView<int> Output;
    internal int Count;

    public readonly void Run()
    {
        var i = Grid.IdxX * Group.DimX + Group.IdxX;
        if (i < Count)
            Output[i] = (int)Keys.Of(i);
    }
}

/// <summary>Writes the row of each position.</summary>
internal struct RowNumbersGpuKernel : IGpuKernel
{
    internal ArrayView<int> Positions;
    internal ArrayView<int> Output;
    internal int Columns;
    internal int Count;

    public readonly void Run()
    {
        var i = Grid.IdxX * Group.DimX + Group.IdxX;
        if (i < Count)
            Output[i] = Positions[i] / Columns;
    }
}

/// <summary>Writes the values at the sorted positions and their columns.</summary>
internal struct SortedGpuKernel : IGpuKernel
{
    internal ArrayView<float> X;
    internal ArrayView<int> Positions;

    /// <summary>The sorted values; empty if only the indices are wanted.</summary>
    internal ArrayView<float> Values;
    internal ArrayView<int> Indices;
    internal int Columns;
    internal int Count;

    public readonly void Run()
    {
        var i = Grid.IdxX * Group.DimX + Group.IdxX;
        if (i >= Count)
            return;
        var position = Positions[i];
        Indices[i] = position % Columns;
        if (Values.Length > 0)
            Values[i] = X[position];
    }
}
