using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;

namespace SeqCore.Kernels.Recurrent;

/// <summary>A matrix of rows along k, as a tile reads it.</summary>
internal struct TileOperand
{
    internal ArrayView<float> Data;

    /// <summary>The number of rows; rows past the end repeat the last one, and their results are not used.</summary>
    internal int Rows;

    /// <summary>The number of elements from one row to the next.</summary>
    internal int RowStride;

    /// <summary>The number of columns, which is the length of k; elements past the end are 0.</summary>
    internal int Depth;

    /// <summary>Columns from GapAt on are Gap elements further.</summary>
    internal int GapAt;
    internal int Gap;

    /// <summary>Returns where a row starts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly int Row(int row) => (row < Rows ? row : Rows - 1) * RowStride;

    /// <summary>Returns the offset of column k in its row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly int Column(int k) => k < GapAt ? k : k + Gap;
}

/// <summary>Reads four neighbours of a row.</summary>
internal interface IRowLoads
{
    /// <summary>Reads columns k to k + 3 of the row that starts at an element, with 0 past the last column.</summary>
    static abstract Float4 Load(in TileOperand operand, int row, int k);
}

/// <summary>Reads with one load of 16 bytes; the starts and the lengths of rows are multiples of it.</summary>
internal readonly struct AlignedLoads : IRowLoads
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float4 Load(in TileOperand operand, int row, int k) => k < operand.Depth
        ? operand.Data.AsAligned(16).Cast<Float4>()[(row + operand.Column(k)) >> 2]
        : new Float4(0f, 0f, 0f, 0f);
}

/// <summary>Reads with four loads, for any rows.</summary>
internal readonly struct SingleLoads : IRowLoads
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float4 Load(in TileOperand operand, int row, int k) =>
        new(One(operand, row, k), One(operand, row, k + 1), One(operand, row, k + 2), One(operand, row, k + 3));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float One(in TileOperand operand, int row, int k) =>
        k < operand.Depth ? operand.Data[row + operand.Column(k)] : 0f;
}

/// <summary>The Float4s of a chunk that a thread loads.</summary>
internal struct Float4Quartet
{
    internal Float4 Part0;
    internal Float4 Part1;
    internal Float4 Part2;
    internal Float4 Part3;
}

/// <summary>The sums of a thread, for 4 sequences, 2 units and up to 4 gates.</summary>
internal struct TileSums
{
    internal PairSums Gate0;
    internal PairSums Gate1;
    internal PairSums Gate2;
    internal PairSums Gate3;
}

/// <summary>The sums of a thread for one gate: R counts sequences (8 apart), U the two units.</summary>
internal struct PairSums
{
    internal float R0U0;
    internal float R0U1;
    internal float R1U0;
    internal float R1U1;
    internal float R2U0;
    internal float R2U1;
    internal float R3U0;
    internal float R3U1;

    /// <summary>Returns the sums with four more products each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly PairSums Add(int rows, Float4 row0, Float4 row1, Float4 row2, Float4 row3, Float4 unit0, Float4 unit1) =>
        new()
        {
            R0U0 = Dot(row0, unit0, R0U0),
            R0U1 = Dot(row0, unit1, R0U1),
            R1U0 = Dot(row1, unit0, R1U0),
            R1U1 = Dot(row1, unit1, R1U1),
            R2U0 = rows > RecurrentTile.HalfRows ? Dot(row2, unit0, R2U0) : 0f,
            R2U1 = rows > RecurrentTile.HalfRows ? Dot(row2, unit1, R2U1) : 0f,
            R3U0 = rows > RecurrentTile.HalfRows ? Dot(row3, unit0, R3U0) : 0f,
            R3U1 = rows > RecurrentTile.HalfRows ? Dot(row3, unit1, R3U1) : 0f,
        };

    /// <summary>
    /// Stores the sums of the sequences at + 0, 8, 16 and 24 from an element of (sequence, unit), those of the second unit next
    /// to it.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly void Store(int rows, ArrayView<float> to, int at)
    {
        const int Next = 8 * RecurrentTile.Units;
        var other = at ^ 1;
        to[at] = R0U0;
        to[other] = R0U1;
        to[at + Next] = R1U0;
        to[other + Next] = R1U1;
        if (rows <= RecurrentTile.HalfRows)
            return;
        to[at + (2 * Next)] = R2U0;
        to[other + (2 * Next)] = R2U1;
        to[at + (3 * Next)] = R3U0;
        to[other + (3 * Next)] = R3U1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Dot(Float4 x, Float4 y, float sum)
    {
        sum = GpuIntrinsics.FusedMultiplyAdd(x.X, y.X, sum);
        sum = GpuIntrinsics.FusedMultiplyAdd(x.Y, y.Y, sum);
        sum = GpuIntrinsics.FusedMultiplyAdd(x.Z, y.Z, sum);
        return GpuIntrinsics.FusedMultiplyAdd(x.W, y.W, sum);
    }
}

/// <summary>The number of sequences of a persistent kernel's tile.</summary>
internal interface ITileRows
{
    /// <summary>The number of sequences.</summary>
    static abstract int Count { get; }
}

/// <summary>Tiles of 32 sequences, with the fewest reads of weights and states.</summary>
internal readonly struct WholeRows : ITileRows
{
    public static int Count => RecurrentTile.Rows;
}

/// <summary>Tiles of 16 sequences, with twice as many groups, each with half the work, if they fit on the device.</summary>
internal readonly struct HalfRows : ITileRows
{
    public static int Count => RecurrentTile.HalfRows;
}
