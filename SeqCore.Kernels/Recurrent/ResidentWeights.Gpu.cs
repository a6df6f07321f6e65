using System.Runtime.CompilerServices;
using ILGPU;

namespace SeqCore.Kernels.Recurrent;

/// <summary>
/// The product of <see cref="RecurrentTile"/> for a group that keeps its right operand in shared memory during all steps.
/// <code>
/// shared memory:   [ weights: G x 8 rows, k = 0 .. H - 1, padded to chunks ][ chunk of states ][ chunk of states ]
///                    loaded once                                              alternating; later the warps' sums
/// </code>
/// With two chunks one barrier per chunk is enough: one chunk is filled while the other is multiplied.
/// </summary>
internal static class ResidentWeights
{
    /// <summary>Loads a group's weights: rows first + 8 s + w for warp w and s below G, with k in [0, depth).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Load(int gates, in TileOperand weights, int first, int gateOffset, ArrayView<Float4> shared, int stride)
    {
        for (var k = 0; k < weights.Depth; k += RecurrentTile.Chunk)
        {
            var float4s = RecurrentTile.LoadRight<AlignedLoads>(gates, weights, first, gateOffset, k + (4 * (Group.IdxX & 31)));
            RecurrentTile.Store(gates, float4s, shared, k / 4, stride);
        }

        Group.Barrier();
    }

    /// <summary>
    /// Computes the sums over all of k and returns the memory in which <see cref="RecurrentTile.Total"/> finds them.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ArrayView<float> Multiply(int rows, int gates, in TileOperand left, int firstRow,
        ArrayView<Float4> shared, int stride)
    {
        var sums = default(TileSums);
        int column = 4 * (Group.IdxX & 31), chunks = gates * RecurrentTile.Units * stride, at = chunks;
        var next = RecurrentTile.LoadLeft<AlignedLoads>(rows, left, firstRow, column);
        RecurrentTile.Store(rows / 8, next, shared, at, RecurrentTile.Stride);
        for (var k = 0; k < left.Depth; k += RecurrentTile.Chunk)
        {
            Group.Barrier();
            next = RecurrentTile.LoadLeft<AlignedLoads>(rows, left, firstRow, k + RecurrentTile.Chunk + column);
            sums = RecurrentTile.MultiplyAdd(rows, gates, sums, shared, at, k / 4, stride);
            at = (2 * chunks) + RecurrentTile.LeftFloat4s - at;
            RecurrentTile.Store(rows / 8, next, shared, at, RecurrentTile.Stride);
        }

        Group.Barrier();
        var spread = shared.SubView(chunks, 2 * RecurrentTile.LeftFloat4s).Cast<float>();
        RecurrentTile.Spread(rows, gates, sums, spread);
        Group.Barrier();
        return spread;
    }
}
