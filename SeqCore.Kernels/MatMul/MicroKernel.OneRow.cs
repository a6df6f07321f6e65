using System.Runtime.CompilerServices;

namespace SeqCore.Kernels.MatMul;

/// <summary>
/// One row by several panels. The sums of one row in a panel are only two chains of multiply-adds, each of which waits four
/// cycles for its last result; three or four panels at once, the gates of a cell, keep the units busy. The bits are those of
/// <see cref="Rows1"/>.
/// </summary>
internal static unsafe partial class MicroKernel
{
    /// <summary>Multiplies one row by panels of B.</summary>
    /// <param name="tile">The strides within a panel, alpha, and whether the product is added to C.</param>
    /// <param name="panels">The number of panels.</param>
    /// <param name="k">The number of columns of A and of rows of B.</param>
    /// <param name="a">The row.</param>
    /// <param name="b">The first panel.</param>
    /// <param name="bPanel">The distance between panels.</param>
    /// <param name="c">The result of the first panel, two vectors.</param>
    /// <param name="cPanel">The distance between the results of panels.</param>
    internal static void OneRow<T>(in Tile tile, int panels, nint k, float* a, float* b, nint bPanel, float* c, nint cPanel)
        where T : struct, IVectorLane<T>
    {
        for (; panels >= 4; panels -= 4, b += 4 * bPanel, c += 4 * cPanel)
            FourPanels<T>(tile, k, a, b, bPanel, c, cPanel);
        for (; panels >= 3; panels -= 3, b += 3 * bPanel, c += 3 * cPanel)
            ThreePanels<T>(tile, k, a, b, bPanel, c, cPanel);
        for (; panels > 0; panels--, b += bPanel, c += cPanel)
            Rows1<T>(tile, k, a, b, c);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourPanels<T>(in Tile tile, nint k, float* a, float* b, nint bPanel, float* c, nint cPanel)
        where T : struct, IVectorLane<T>
    {
        nint cs = tile.AColumnStride, bs = tile.BStride;
        float* p1 = b + bPanel, p2 = p1 + bPanel, p3 = p2 + bPanel;
        T c00 = default, c01 = default, c10 = default, c11 = default;
        T c20 = default, c21 = default, c30 = default, c31 = default;
        for (nint i = 0; k > 0; k--, i += bs, a += cs)
        {
            var x = T.Constant(a[0]);
            c00 = T.MultiplyAdd(x, T.Load(b + i), c00);
            c01 = T.MultiplyAdd(x, T.Load(b + i + T.Count), c01);
            c10 = T.MultiplyAdd(x, T.Load(p1 + i), c10);
            c11 = T.MultiplyAdd(x, T.Load(p1 + i + T.Count), c11);
            c20 = T.MultiplyAdd(x, T.Load(p2 + i), c20);
            c21 = T.MultiplyAdd(x, T.Load(p2 + i + T.Count), c21);
            c30 = T.MultiplyAdd(x, T.Load(p3 + i), c30);
            c31 = T.MultiplyAdd(x, T.Load(p3 + i + T.Count), c31);
        }

        var alpha = T.Constant(tile.Alpha);
        Put(c, c00, c01, alpha, tile.Accumulate);
        Put(c + cPanel, c10, c11, alpha, tile.Accumulate);
        Put(c + (2 * cPanel), c20, c21, alpha, tile.Accumulate);
        Put(c + (3 * cPanel), c30, c31, alpha, tile.Accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ThreePanels<T>(in Tile tile, nint k, float* a, float* b, nint bPanel, float* c, nint cPanel)
        where T : struct, IVectorLane<T>
    {
        nint cs = tile.AColumnStride, bs = tile.BStride;
        float* p1 = b + bPanel, p2 = p1 + bPanel;
        T c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default;
        for (nint i = 0; k > 0; k--, i += bs, a += cs)
        {
            var x = T.Constant(a[0]);
            c00 = T.MultiplyAdd(x, T.Load(b + i), c00);
            c01 = T.MultiplyAdd(x, T.Load(b + i + T.Count), c01);
            c10 = T.MultiplyAdd(x, T.Load(p1 + i), c10);
            c11 = T.MultiplyAdd(x, T.Load(p1 + i + T.Count), c11);
            c20 = T.MultiplyAdd(x, T.Load(p2 + i), c20);
            c21 = T.MultiplyAdd(x, T.Load(p2 + i + T.Count), c21);
        }

        var alpha = T.Constant(tile.Alpha);
        Put(c, c00, c01, alpha, tile.Accumulate);
        Put(c + cPanel, c10, c11, alpha, tile.Accumulate);
        Put(c + (2 * cPanel), c20, c21, alpha, tile.Accumulate);
    }
}
