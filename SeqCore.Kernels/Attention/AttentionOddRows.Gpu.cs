using System.Runtime.CompilerServices;
using ILGPU;

namespace SeqCore.Kernels.Attention;

/// <summary>
/// Rows of a tile in shared memory that hold NaN or infinity, where some query of the tile does not see some key: its weight of 0
/// times NaN would be NaN. What is not finite becomes 0. So that a query that sees such a row still gives NaN, the row's score
/// has to be NaN.
/// <code>
/// thread i:  Float4 i, i + 128, ... of the tile, row by row; a row has float4s of them, the next begins rowFloat4s further on
/// </code>
/// </summary>
internal static class AttentionOddRows
{
    private const int Threads = 128;

    /// <summary>Whether this thread's share of a tile holds something that is not finite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool Has(ArrayView<Float4> tile, int rows, int float4s, int rowFloat4s)
    {
        var isOdd = false;
        for (var i = Group.IdxX; i < rows * float4s; i += Threads)
        {
            if (IsOdd(tile[(i / float4s * rowFloat4s) + (i % float4s)]))
                isOdd = true;
        }

        return isOdd;
    }

    /// <summary>Puts 0 in the place of what is not finite in this thread's share.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Clear(ArrayView<Float4> tile, int rows, int float4s, int rowFloat4s)
    {
        for (var i = Group.IdxX; i < rows * float4s; i += Threads)
        {
            var at = (i / float4s * rowFloat4s) + (i % float4s);
            if (IsOdd(tile[at]))
                tile[at] = Finite(tile[at]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool IsOdd(Float4 x) => !(IsFinite(x.X) && IsFinite(x.Y) && IsFinite(x.Z) && IsFinite(x.W));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Float4 Finite(Float4 x) => new(IsFinite(x.X) ? x.X : 0f, IsFinite(x.Y) ? x.Y : 0f, IsFinite(x.Z) ? x.Z : 0f,
        IsFinite(x.W) ? x.W : 0f);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsFinite(float x) => IntrinsicMath.Abs(x) < float.PositiveInfinity;
}
