using System.Runtime.CompilerServices;
using ILGPU;

namespace SeqCore.Kernels.Recurrent;

/// <summary>
/// The recurrent product of a group: 32 sequences times 8 units with all gates of those units, so that the cell's equations can
/// be applied to the result directly. P[b, g, u] = sum_k left[b, k] right[g, u, k]; both operands run along k.
/// <code>
///                 right: gate 0       gate 1     ...          a chunk of 128 k in shared memory, rows of 33 Float4s
///               u 0 1 2 3 4 5 6 7 | 0 1 2 ...                 (the 33rd keeps neighbouring rows on different banks)
/// left  b  0   [ . . . . . . . . ][ . . .                       k 0 ........ 15 | 16 ....... 31 | ... | 112 .... 127
///       b  1   [ . . . . . . . . ][ . . .                         warp 0            warp 1               warp 7
///       ...
///       b 31   [ . . . . . . . . ][ . . .                     each warp sums its 16 k for the whole tile
///
/// lane l of a warp:  sequences s + {0, 8, 16, 24},  units 2 p + {0, 1},  all gates: 8 G sums in registers
///                    s = the bits 4 3 0 of l,       p = the bits 2 1 of l
/// </code>
/// So neighbours 1 apart have the same units and those 2 apart the same sequences; then a load of 16 bytes per lane takes 2
/// cycles of shared memory instead of 4, for both operands. Four elements of k take 4 + 2 G vector loads from shared memory and
/// 32 G multiply-adds. While a chunk is multiplied, the next one is loaded from global memory to registers. At the end the warps'
/// sums are stored in shared memory, and thread 8 b + u adds the eight of its sequence and unit, in the order of the warps.
/// </summary>
internal static class RecurrentTile
{
    /// <summary>
    /// The numbers of sequences of a tile, and of a tile whose threads have half as many sums (without the sequences at + 16 and
    /// + 24).
    /// </summary>
    internal const int Rows = 32;
    internal const int HalfRows = 16;

    /// <summary>The number of units of a tile; each warp loads one.</summary>
    internal const int Units = 8;

    /// <summary>The number of threads of a group: one for each sequence and unit.</summary>
    internal const int Threads = Rows * Units;

    /// <summary>The number of Float4s of a chunk along k, and the number of floats.</summary>
    internal const int ChunkFloat4s = 32;
    internal const int Chunk = 4 * ChunkFloat4s;

    /// <summary>The number of Float4s from one row of a chunk to the next.</summary>
    internal const int Stride = ChunkFloat4s + 1;

    /// <summary>The number of Float4s of a chunk of the left operand.</summary>
    internal const int LeftFloat4s = Rows * Stride;

    // A lane's s and p.
    private static int Sequence => ((Group.IdxX >> 2) & 6) | (Group.IdxX & 1);

    private static int Pair => (Group.IdxX >> 1) & 3;

    private const int Warps = Threads / 32;
    private const int Float4sOfWarp = ChunkFloat4s / Warps;

    /// <summary>
    /// The numbers of Float4s of shared memory for a chunk of both operands, with four gates and with one; the warps' sums need
    /// less.
    /// </summary>
    internal const int SharedFloat4s = (Rows + (4 * Units)) * Stride;
    internal const int SharedFloat4sOfOne = (Rows + Units) * Stride;

    /// <summary>Loads this thread's Float4s of the left operand's next chunk: rows w, w + 8, w + 16, w + 24 for warp w.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Float4Quartet LoadLeft<TLoads>(int rows, in TileOperand left, int first, int k)
        where TLoads : struct, IRowLoads
    {
        var row = first + (Group.IdxX >> 5);
        var float4s = default(Float4Quartet);
        float4s.Part0 = TLoads.Load(left, left.Row(row), k);
        float4s.Part1 = TLoads.Load(left, left.Row(row + 8), k);
        if (rows > HalfRows)
        {
            float4s.Part2 = TLoads.Load(left, left.Row(row + 16), k);
            float4s.Part3 = TLoads.Load(left, left.Row(row + 24), k);
        }

        return float4s;
    }

    /// <summary>Loads the same of the right operand: unit w of every gate, whose blocks are gateOffset elements apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Float4Quartet LoadRight<TLoads>(int gates, in TileOperand right, int first, int gateOffset, int k)
        where TLoads : struct, IRowLoads
    {
        var row = right.Row(first + (Group.IdxX >> 5));
        var float4s = default(Float4Quartet);
        float4s.Part0 = TLoads.Load(right, row, k);
        if (gates > 1)
            float4s.Part1 = TLoads.Load(right, row + gateOffset, k);
        if (gates > 2)
            float4s.Part2 = TLoads.Load(right, row + (2 * gateOffset), k);
        if (gates > 3)
            float4s.Part3 = TLoads.Load(right, row + (3 * gateOffset), k);
        return float4s;
    }

    /// <summary>Stores this thread's Float4s in the chunk: Float4 i in row w + 8 i.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Store(int count, in Float4Quartet float4s, ArrayView<Float4> shared, int at, int stride)
    {
        var to = at + ((Group.IdxX >> 5) * stride) + (Group.IdxX & 31);
        shared[to] = float4s.Part0;
        if (count > 1)
            shared[to + (8 * stride)] = float4s.Part1;
        if (count > 2)
            shared[to + (16 * stride)] = float4s.Part2;
        if (count > 3)
            shared[to + (24 * stride)] = float4s.Part3;
    }

    /// <summary>Adds a chunk's products to the sums.</summary>
    /// <param name="rows">The number of sequences of the tile, a constant of the kernel.</param>
    /// <param name="gates">The number of gates G, a constant of the kernel.</param>
    /// <param name="sums">The sums so far.</param>
    /// <param name="shared">Shared memory.</param>
    /// <param name="left">The start of the left operand's chunk in shared memory.</param>
    /// <param name="right">The start of the right operand's chunk in shared memory.</param>
    /// <param name="rightStride">The number of Float4s from one row of the right operand to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TileSums MultiplyAdd(int rows, int gates, TileSums sums, ArrayView<Float4> shared, int left,
        int right, int rightStride)
    {
        int k = (Group.IdxX >> 5) * Float4sOfWarp, at = right + (2 * Pair * rightStride) + k;
        var leftRows = shared.SubView(left + (Sequence * Stride) + k);
        var rightRows = new RightRows
        {
            Gate0 = shared.SubView(at),
            Gate1 = shared.SubView(at + (8 * rightStride)),
            Gate2 = shared.SubView(at + (16 * rightStride)),
            Gate3 = shared.SubView(at + (24 * rightStride)),
            Next0 = shared.SubView(at + rightStride),
            Next1 = shared.SubView(at + (9 * rightStride)),
            Next2 = shared.SubView(at + (17 * rightStride)),
            Next3 = shared.SubView(at + (25 * rightStride)),
        };

        // Unrolled: only a constant i is part of the load and costs no instruction.
        sums = AddFloat4(rows, gates, sums, leftRows, rightRows, 0);
        sums = AddFloat4(rows, gates, sums, leftRows, rightRows, 1);
        sums = AddFloat4(rows, gates, sums, leftRows, rightRows, 2);
        return AddFloat4(rows, gates, sums, leftRows, rightRows, 3);
    }

    // Adds the products of four elements of k.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TileSums AddFloat4(int rows, int gates, TileSums sums, ArrayView<Float4> left, RightRows right, int i)
    {
        Float4 row0 = left[i], row1 = left[(8 * Stride) + i], row2 = default, row3 = default;
        if (rows > HalfRows)
        {
            row2 = left[(16 * Stride) + i];
            row3 = left[(24 * Stride) + i];
        }

        sums.Gate0 = sums.Gate0.Add(rows, row0, row1, row2, row3, right.Gate0[i], right.Next0[i]);
        if (gates > 1)
            sums.Gate1 = sums.Gate1.Add(rows, row0, row1, row2, row3, right.Gate1[i], right.Next1[i]);
        if (gates > 2)
            sums.Gate2 = sums.Gate2.Add(rows, row0, row1, row2, row3, right.Gate2[i], right.Next2[i]);
        if (gates > 3)
            sums.Gate3 = sums.Gate3.Add(rows, row0, row1, row2, row3, right.Gate3[i], right.Next3[i]);
        return sums;
    }

    /// <summary>
    /// Computes the sums over all of k, loading both operands chunk by chunk; afterwards <see cref="Total"/> returns each
    /// thread's sum.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Multiply<TLoads>(int gates, in TileOperand left, int firstRow, in TileOperand right, int firstUnit,
        int gateOffset, ArrayView<Float4> shared)
        where TLoads : struct, IRowLoads
    {
        var sums = default(TileSums);
        var column = 4 * (Group.IdxX & 31);
        var nextLeft = LoadLeft<TLoads>(Rows, left, firstRow, column);
        var nextRight = LoadRight<TLoads>(gates, right, firstUnit, gateOffset, column);
        for (var k = 0; k < left.Depth; k += Chunk)
        {
            Store(4, nextLeft, shared, 0, Stride);
            Store(gates, nextRight, shared, LeftFloat4s, Stride);
            Group.Barrier();
            nextLeft = LoadLeft<TLoads>(Rows, left, firstRow, k + Chunk + column);
            nextRight = LoadRight<TLoads>(gates, right, firstUnit, gateOffset, k + Chunk + column);
            sums = MultiplyAdd(Rows, gates, sums, shared, 0, LeftFloat4s, Stride);
            Group.Barrier();
        }

        Spread(Rows, gates, sums, shared.Cast<float>());
        Group.Barrier();
    }

    /// <summary>
    /// Stores a warp's sums for <see cref="Total"/>: (warp, gate, sequence, unit), with units in pairs that are exchanged in
    /// every other group of four sequences, so that a warp stores to all banks.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Spread(int rows, int gates, TileSums sums, ArrayView<float> shared)
    {
        int at = ((Group.IdxX >> 5) * gates * Threads) + Place((Sequence * Units) + (2 * Pair));
        sums.Gate0.Store(rows, shared, at);
        if (gates > 1)
            sums.Gate1.Store(rows, shared, at + Threads);
        if (gates > 2)
            sums.Gate2.Store(rows, shared, at + (2 * Threads));
        if (gates > 3)
            sums.Gate3.Store(rows, shared, at + (3 * Threads));
    }

    /// <summary>Returns the product of one gate for this thread's sequence and unit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float Total(int gates, int gate, ArrayView<float> shared)
    {
        var at = (gate * Threads) + Place(Group.IdxX);
        var sum = 0f;
        for (var warp = 0; warp < Warps; warp++)
            sum += shared[at + (warp * gates * Threads)];
        return sum;
    }

    private static int Place(int sequenceAndUnit) => sequenceAndUnit ^ ((sequenceAndUnit >> 5) & 1);

    /// <summary>The positions of a thread's rows of the right operand in shared memory: two units of each gate.</summary>
    private struct RightRows
    {
        internal ArrayView<Float4> Gate0;
        internal ArrayView<Float4> Gate1;
        internal ArrayView<Float4> Gate2;
        internal ArrayView<Float4> Gate3;
        internal ArrayView<Float4> Next0;
        internal ArrayView<Float4> Next1;
        internal ArrayView<Float4> Next2;
        internal ArrayView<Float4> Next3;
    }
}
