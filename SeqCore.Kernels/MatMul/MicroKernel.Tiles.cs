using System.Runtime.CompilerServices;

namespace SeqCore.Kernels.MatMul;

/// <summary>
/// The tiles, with one method for each number of rows, since only named locals are sure to stay in registers: c21 is the second
/// vector of row 2.
/// </summary>
internal static unsafe partial class MicroKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Rows12<T>(in Tile tile, nint k, float* a, float* b, float* c) where T : struct, IVectorLane<T>
    {
        nint rs = tile.ARowStride, cs = tile.AColumnStride, bs = tile.BStride;
        var rs2 = 2 * rs;
        var a3 = a + 3 * rs;
        var a6 = a + 6 * rs;
        var a9 = a + 9 * rs;
        T c00 = default, c01 = default;
        T c10 = default, c11 = default;
        T c20 = default, c21 = default;
        T c30 = default, c31 = default;
        T c40 = default, c41 = default;
        T c50 = default, c51 = default;
        T c60 = default, c61 = default;
        T c70 = default, c71 = default;
        T c80 = default, c81 = default;
        T c90 = default, c91 = default;
        T c100 = default, c101 = default;
        T c110 = default, c111 = default;
        for (; k > 0; k--)
        {
            T b0 = T.Load(b), b1 = T.Load(b + T.Count), x;
            Prefetch<T>(b + FetchAhead);
            x = T.Constant(a[0]);
            c00 = T.MultiplyAdd(x, b0, c00);
            c01 = T.MultiplyAdd(x, b1, c01);
            x = T.Constant(a[rs]);
            c10 = T.MultiplyAdd(x, b0, c10);
            c11 = T.MultiplyAdd(x, b1, c11);
            x = T.Constant(a[rs2]);
            c20 = T.MultiplyAdd(x, b0, c20);
            c21 = T.MultiplyAdd(x, b1, c21);
            x = T.Constant(a3[0]);
            c30 = T.MultiplyAdd(x, b0, c30);
            c31 = T.MultiplyAdd(x, b1, c31);
            x = T.Constant(a3[rs]);
            c40 = T.MultiplyAdd(x, b0, c40);
            c41 = T.MultiplyAdd(x, b1, c41);
            x = T.Constant(a3[rs2]);
            c50 = T.MultiplyAdd(x, b0, c50);
            c51 = T.MultiplyAdd(x, b1, c51);
            x = T.Constant(a6[0]);
            c60 = T.MultiplyAdd(x, b0, c60);
            c61 = T.MultiplyAdd(x, b1, c61);
            x = T.Constant(a6[rs]);
            c70 = T.MultiplyAdd(x, b0, c70);
            c71 = T.MultiplyAdd(x, b1, c71);
            x = T.Constant(a6[rs2]);
            c80 = T.MultiplyAdd(x, b0, c80);
            c81 = T.MultiplyAdd(x, b1, c81);
            x = T.Constant(a9[0]);
            c90 = T.MultiplyAdd(x, b0, c90);
            c91 = T.MultiplyAdd(x, b1, c91);
            x = T.Constant(a9[rs]);
            c100 = T.MultiplyAdd(x, b0, c100);
            c101 = T.MultiplyAdd(x, b1, c101);
            x = T.Constant(a9[rs2]);
            c110 = T.MultiplyAdd(x, b0, c110);
            c111 = T.MultiplyAdd(x, b1, c111);
            b += bs;
            a += cs;
            a3 += cs;
            a6 += cs;
            a9 += cs;
        }

        var alpha = T.Constant(tile.Alpha);
        Put(c, c00, c01, alpha, tile.Accumulate);
        c += tile.CStride;
        Put(c, c10, c11, alpha, tile.Accumulate);
        c += tile.CStride;
        Put(c, c20, c21, alpha, tile.Accumulate);
        c += tile.CStride;
        Put(c, c30, c31, alpha, tile.Accumulate);
        c += tile.CStride;
        Put(c, c40, c41, alpha, tile.Accumulate);
        c += tile.CStride;
        Put(c, c50, c51, alpha, tile.Accumulate);
        c += tile.CStride;
        Put(c, c60, c61, alpha, tile.Accumulate);
        c += tile.CStride;
        Put(c, c70, c71, alpha, tile.Accumulate);
        c += tile.CStride;
        Put(c, c80, c81, alpha, tile.Accumulate);
        c += tile.CStride;
        Put(c, c90, c91, alpha, tile.Accumulate);
        c += tile.CStride;
        Put(c, c100, c101, alpha, tile.Accumulate);
        c += tile.CStride;
        Put(c, c110, c111, alpha, tile.Accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Rows8<T>(in Tile tile, nint k, float* a, float* b, float* c) where T : struct, IVectorLane<T>
    {
        nint rs = tile.ARowStride, cs = tile.AColumnStride, bs = tile.BStride;
        var rs2 = 2 * rs;
        var a3 = a + 3 * rs;
        var a6 = a + 6 * rs;
        T c00 = default, c01 = default;
        T c10 = default, c11 = default;
        T c20 = default, c21 = default;
        T c30 = default, c31 = default;
        T c40 = default, c41 = default;
        T c50 = default, c51 = default;
        T c60 = default, c61 = default;
        T c70 = default, c71 = default;
        for (; k > 0; k--)
        {
            T b0 = T.Load(b), b1 = T.Load(b + T.Count), x;
            Prefetch<T>(b + FetchAhead);
            x = T.Constant(a[0]);
            c00 = T.MultiplyAdd(x, b0, c00);
            c01 = T.MultiplyAdd(x, b1, c01);
            x = T.Constant(a[rs]);
            c10 = T.MultiplyAdd(x, b0, c10);
            c11 = T.MultiplyAdd(x, b1, c11);
            x = T.Constant(a[rs2]);
            c20 = T.MultiplyAdd(x, b0, c20);
            c21 = T.MultiplyAdd(x, b1, c21);
            x = T.Constant(a3[0]);
            c30 = T.MultiplyAdd(x, b0, c30);
            c31 = T.MultiplyAdd(x, b1, c31);
            x = T.Constant(a3[rs]);
            c40 = T.MultiplyAdd(x, b0, c40);
            c41 = T.MultiplyAdd(x, b1, c41);
            x = T.Constant(a3[rs2]);
            c50 = T.MultiplyAdd(x, b0, c50);
            c51 = T.MultiplyAdd(x, b1, c51);
            x = T.Constant(a6[0]);
            c60 = T.MultiplyAdd(x, b0, c60);
            c61 = T.MultiplyAdd(x, b1, c61);
            x = T.Constant(a6[rs]);
            c70 = T.MultiplyAdd(x, b0, c70);
            c71 = T.MultiplyAdd(x, b1, c71);
            b += bs;
            a += cs;
            a3 += cs;
            a6 += cs;
        }

        var alpha = T.Constant(tile.Alpha);
        Put(c, c00, c01, alpha, tile.Accumulate);
        c += tile.CStride;
        Put(c, c10, c11, alpha, tile.Accumulate);
        c += tile.CStride;
        Put(c, c20, c21, alpha, tile.Accumulate);
        c += tile.CStride;
        Put(c, c30, c31, alpha, tile.Accumulate);
        c += tile.CStride;
        Put(c, c40, c41, alpha, tile.Accumulate);
        c += tile.CStride;
        Put(c, c50, c51, alpha, tile.Accumulate);
        c += tile.CStride;
        Put(c, c60, c61, alpha, tile.Accumulate);
        c += tile.CStride;
        Put(c, c70, c71, alpha, tile.Accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Rows6<T>(in Tile tile, nint k, float* a, float* b, float* c) where T : struct, IVectorLane<T>
    {
        nint rs = tile.ARowStride, cs = tile.AColumnStride, bs = tile.BStride;
        var rs2 = 2 * rs;
        var a3 = a + 3 * rs;
        T c00 = default, c01 = default;
        T c10 = default, c11 = default;
        T c20 = default, c21 = default;
        T c30 = default, c31 = default;
        T c40 = default, c41 = default;
        T c50 = default, c51 = default;
        for (; k > 0; k--)
        {
            T b0 = T.Load(b), b1 = T.Load(b + T.Count), x;
            Prefetch<T>(b + FetchAhead);
            x = T.Constant(a[0]);
            c00 = T.MultiplyAdd(x, b0, c00);
            c01 = T.MultiplyAdd(x, b1, c01);
            x = T.Constant(a[rs]);
            c10 = T.MultiplyAdd(x, b0, c10);
            c11 = T.MultiplyAdd(x, b1, c11);
            x = T.Constant(a[rs2]);
            c20 = T.MultiplyAdd(x, b0, c20);
            c21 = T.MultiplyAdd(x, b1, c21);
            x = T.Constant(a3[0]);
            c30 = T.MultiplyAdd(x, b0, c30);
            c31 = T.MultiplyAdd(x, b1, c31);
            x = T.Constant(a3[rs]);
            c40 = T.MultiplyAdd(x, b0, c40);
            c41 = T.MultiplyAdd(x, b1, c41);
            x = T.Constant(a3[rs2]);
            c50 = T.MultiplyAdd(x, b0, c50);
            c51 = T.MultiplyAdd(x, b1, c51);
            b += bs;
            a += cs;
            a3 += cs;
        }

        var alpha = T.Constant(tile.Alpha);
        Put(c, c00, c01, alpha, tile.Accumulate);
        c += tile.CStride;
        Put(c, c10, c11, alpha, tile.Accumulate);
        c += tile.CStride;
        Put(c, c20, c21, alpha, tile.Accumulate);
        c += tile.CStride;
        Put(c, c30, c31, alpha, tile.Accumulate);
        c += tile.CStride;
        Put(c, c40, c41, alpha, tile.Accumulate);
        c += tile.CStride;
        Put(c, c50, c51, alpha, tile.Accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Rows4<T>(in Tile tile, nint k, float* a, float* b, float* c) where T : struct, IVectorLane<T>
    {
        nint rs = tile.ARowStride, cs = tile.AColumnStride, bs = tile.BStride;
        var rs2 = 2 * rs;
        var a3 = a + 3 * rs;
        T c00 = default, c01 = default;
        T c10 = default, c11 = default;
        T c20 = default, c21 = default;
        T c30 = default, c31 = default;
        for (; k > 0; k--)
        {
            T b0 = T.Load(b), b1 = T.Load(b + T.Count), x;
            Prefetch<T>(b + FetchAhead);
            x = T.Constant(a[0]);
            c00 = T.MultiplyAdd(x, b0, c00);
            c01 = T.MultiplyAdd(x, b1, c01);
            x = T.Constant(a[rs]);
            c10 = T.MultiplyAdd(x, b0, c10);
            c11 = T.MultiplyAdd(x, b1, c11);
            x = T.Constant(a[rs2]);
            c20 = T.MultiplyAdd(x, b0, c20);
            c21 = T.MultiplyAdd(x, b1, c21);
            x = T.Constant(a3[0]);
            c30 = T.MultiplyAdd(x, b0, c30);
            c31 = T.MultiplyAdd(x, b1, c31);
            b += bs;
            a += cs;
            a3 += cs;
        }

        var alpha = T.Constant(tile.Alpha);
        Put(c, c00, c01, alpha, tile.Accumulate);
        c += tile.CStride;
        Put(c, c10, c11, alpha, tile.Accumulate);
        c += tile.CStride;
        Put(c, c20, c21, alpha, tile.Accumulate);
        c += tile.CStride;
        Put(c, c30, c31, alpha, tile.Accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Rows2<T>(in Tile tile, nint k, float* a, float* b, float* c) where T : struct, IVectorLane<T>
    {
        nint rs = tile.ARowStride, cs = tile.AColumnStride, bs = tile.BStride;
        T c00 = default, c01 = default;
        T c10 = default, c11 = default;
        for (; k > 0; k--)
        {
            T b0 = T.Load(b), b1 = T.Load(b + T.Count), x;
            Prefetch<T>(b + FetchAhead);
            x = T.Constant(a[0]);
            c00 = T.MultiplyAdd(x, b0, c00);
            c01 = T.MultiplyAdd(x, b1, c01);
            x = T.Constant(a[rs]);
            c10 = T.MultiplyAdd(x, b0, c10);
            c11 = T.MultiplyAdd(x, b1, c11);
            b += bs;
            a += cs;
        }

        var alpha = T.Constant(tile.Alpha);
        Put(c, c00, c01, alpha, tile.Accumulate);
        c += tile.CStride;
        Put(c, c10, c11, alpha, tile.Accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Rows1<T>(in Tile tile, nint k, float* a, float* b, float* c) where T : struct, IVectorLane<T>
    {
        nint rs = tile.ARowStride, cs = tile.AColumnStride, bs = tile.BStride;
        T c00 = default, c01 = default;
        for (; k > 0; k--)
        {
            T b0 = T.Load(b), b1 = T.Load(b + T.Count), x;
            Prefetch<T>(b + FetchAhead);
            x = T.Constant(a[0]);
            c00 = T.MultiplyAdd(x, b0, c00);
            c01 = T.MultiplyAdd(x, b1, c01);
            b += bs;
            a += cs;
        }

        var alpha = T.Constant(tile.Alpha);
        Put(c, c00, c01, alpha, tile.Accumulate);
    }
}
