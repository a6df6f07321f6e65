using System.Runtime.CompilerServices;

namespace SeqCore.Kernels.MatMul;

/// <summary>
/// Tiles of one vector of columns, for right-hand sides that have no more, such as those of small heads of attention: beside the
/// two vectors of the other tiles they do half of the work, with the same bits.
/// </summary>
internal static unsafe partial class MicroKernel
{
    /// <summary>Multiplies any number of rows by one vector of columns of B; the parameters are those of Rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void NarrowRows<T>(in Tile tile, int rows, nint k, float* a, float* b, float* c)
        where T : struct, IVectorLane<T>
    {
        while (rows > 0)
        {
            int done;
            if (rows >= 12)
            {
                Narrow12<T>(tile, k, a, b, c);
                done = 12;
            }
            else if (rows >= 6)
            {
                Narrow6<T>(tile, k, a, b, c);
                done = 6;
            }
            else if (rows >= 4)
            {
                Narrow4<T>(tile, k, a, b, c);
                done = 4;
            }
            else
            {
                Narrow1<T>(tile, k, a, b, c);
                done = 1;
            }

            rows -= done;
            a += done * tile.ARowStride;
            c += done * tile.CStride;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Narrow12<T>(in Tile tile, nint k, float* a, float* b, float* c) where T : struct, IVectorLane<T>
    {
        nint rs = tile.ARowStride, cs = tile.AColumnStride, bs = tile.BStride;
        var rs2 = 2 * rs;
        var a3 = a + 3 * rs;
        var a6 = a + 6 * rs;
        var a9 = a + 9 * rs;
        T c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default;
        T c6 = default, c7 = default, c8 = default, c9 = default, c10 = default, c11 = default;
        for (; k > 0; k--)
        {
            var b0 = T.Load(b);
            c0 = T.MultiplyAdd(T.Constant(a[0]), b0, c0);
            c1 = T.MultiplyAdd(T.Constant(a[rs]), b0, c1);
            c2 = T.MultiplyAdd(T.Constant(a[rs2]), b0, c2);
            c3 = T.MultiplyAdd(T.Constant(a3[0]), b0, c3);
            c4 = T.MultiplyAdd(T.Constant(a3[rs]), b0, c4);
            c5 = T.MultiplyAdd(T.Constant(a3[rs2]), b0, c5);
            c6 = T.MultiplyAdd(T.Constant(a6[0]), b0, c6);
            c7 = T.MultiplyAdd(T.Constant(a6[rs]), b0, c7);
            c8 = T.MultiplyAdd(T.Constant(a6[rs2]), b0, c8);
            c9 = T.MultiplyAdd(T.Constant(a9[0]), b0, c9);
            c10 = T.MultiplyAdd(T.Constant(a9[rs]), b0, c10);
            c11 = T.MultiplyAdd(T.Constant(a9[rs2]), b0, c11);
            b += bs;
            a += cs;
            a3 += cs;
            a6 += cs;
            a9 += cs;
        }

        var alpha = T.Constant(tile.Alpha);
        PutNarrow(c, c0, alpha, tile.Accumulate);
        PutNarrow(c + tile.CStride, c1, alpha, tile.Accumulate);
        PutNarrow(c + 2 * tile.CStride, c2, alpha, tile.Accumulate);
        PutNarrow(c + 3 * tile.CStride, c3, alpha, tile.Accumulate);
        PutNarrow(c + 4 * tile.CStride, c4, alpha, tile.Accumulate);
        PutNarrow(c + 5 * tile.CStride, c5, alpha, tile.Accumulate);
        PutNarrow(c + 6 * tile.CStride, c6, alpha, tile.Accumulate);
        PutNarrow(c + 7 * tile.CStride, c7, alpha, tile.Accumulate);
        PutNarrow(c + 8 * tile.CStride, c8, alpha, tile.Accumulate);
        PutNarrow(c + 9 * tile.CStride, c9, alpha, tile.Accumulate);
        PutNarrow(c + 10 * tile.CStride, c10, alpha, tile.Accumulate);
        PutNarrow(c + 11 * tile.CStride, c11, alpha, tile.Accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Narrow6<T>(in Tile tile, nint k, float* a, float* b, float* c) where T : struct, IVectorLane<T>
    {
        nint rs = tile.ARowStride, cs = tile.AColumnStride, bs = tile.BStride;
        var rs2 = 2 * rs;
        var a3 = a + 3 * rs;
        T c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default;
        for (; k > 0; k--)
        {
            var b0 = T.Load(b);
            c0 = T.MultiplyAdd(T.Constant(a[0]), b0, c0);
            c1 = T.MultiplyAdd(T.Constant(a[rs]), b0, c1);
            c2 = T.MultiplyAdd(T.Constant(a[rs2]), b0, c2);
            c3 = T.MultiplyAdd(T.Constant(a3[0]), b0, c3);
            c4 = T.MultiplyAdd(T.Constant(a3[rs]), b0, c4);
            c5 = T.MultiplyAdd(T.Constant(a3[rs2]), b0, c5);
            b += bs;
            a += cs;
            a3 += cs;
        }

        var alpha = T.Constant(tile.Alpha);
        PutNarrow(c, c0, alpha, tile.Accumulate);
        PutNarrow(c + tile.CStride, c1, alpha, tile.Accumulate);
        PutNarrow(c + 2 * tile.CStride, c2, alpha, tile.Accumulate);
        PutNarrow(c + 3 * tile.CStride, c3, alpha, tile.Accumulate);
        PutNarrow(c + 4 * tile.CStride, c4, alpha, tile.Accumulate);
        PutNarrow(c + 5 * tile.CStride, c5, alpha, tile.Accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Narrow4<T>(in Tile tile, nint k, float* a, float* b, float* c) where T : struct, IVectorLane<T>
    {
        nint rs = tile.ARowStride, cs = tile.AColumnStride, bs = tile.BStride;
        var rs2 = 2 * rs;
        var a3 = a + 3 * rs;
        T c0 = default, c1 = default, c2 = default, c3 = default;
        for (; k > 0; k--)
        {
            var b0 = T.Load(b);
            c0 = T.MultiplyAdd(T.Constant(a[0]), b0, c0);
            c1 = T.MultiplyAdd(T.Constant(a[rs]), b0, c1);
            c2 = T.MultiplyAdd(T.Constant(a[rs2]), b0, c2);
            c3 = T.MultiplyAdd(T.Constant(a3[0]), b0, c3);
            b += bs;
            a += cs;
            a3 += cs;
        }

        var alpha = T.Constant(tile.Alpha);
        PutNarrow(c, c0, alpha, tile.Accumulate);
        PutNarrow(c + tile.CStride, c1, alpha, tile.Accumulate);
        PutNarrow(c + 2 * tile.CStride, c2, alpha, tile.Accumulate);
        PutNarrow(c + 3 * tile.CStride, c3, alpha, tile.Accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Narrow1<T>(in Tile tile, nint k, float* a, float* b, float* c) where T : struct, IVectorLane<T>
    {
        nint cs = tile.AColumnStride, bs = tile.BStride;
        T c0 = default;
        for (; k > 0; k--)
        {
            var b0 = T.Load(b);
            c0 = T.MultiplyAdd(T.Constant(a[0]), b0, c0);
            b += bs;
            a += cs;
        }

        var alpha = T.Constant(tile.Alpha);
        PutNarrow(c, c0, alpha, tile.Accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PutNarrow<T>(float* c, T x, T alpha, bool accumulate) where T : struct, IVectorLane<T> =>
        T.Store(accumulate ? T.MultiplyAdd(x, alpha, T.Load(c)) : x * alpha, c);
}
