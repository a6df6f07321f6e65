using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SeqCore.Benchmarks;

/// <summary>
/// Sixteen multiplications at a time; on a processor with narrower vectors the runtime splits each into several.
/// </summary>
internal static class Vectors
{
    /// <summary>Floats in a vector.</summary>
    internal const int Width = 16;

    /// <summary>Rows of C that stay in registers in a tile.</summary>
    internal const int TileRows = 6;

    /// <summary>Columns of C that stay in registers in a tile: two vectors.</summary>
    internal const int TileColumns = 2 * Width;

    /// <summary>The row order, with the inner loop over vectors. Still two loads and a store for each multiplication.</summary>
    internal static void RowOrder(float[] a, float[] b, float[] c, int n)
    {
        Array.Clear(c);
        for (var i = 0; i < n; i++)
        {
            for (var k = 0; k < n; k++)
                AddMultiple(a[i * n + k], b.AsSpan(k * n, n), c.AsSpan(i * n, n));
        }
    }

    /// <summary>
    /// Tiles of 6 x 32: twelve vectors of C stay in registers while k runs, so a step loads two vectors of B and six numbers of A
    /// for twelve multiplications, and stores nothing. Edges are computed by the slow loop.
    /// </summary>
    internal static void RegisterTile(float[] a, float[] b, float[] c, int n)
    {
        var rows = n / TileRows * TileRows;
        var columns = n / TileColumns * TileColumns;
        for (var i = 0; i < rows; i += TileRows)
        {
            for (var j = 0; j < columns; j += TileColumns)
                Tile(ref a[i * n], 1, n, ref b[j], n, n, ref c[i * n + j], n, accumulate: false);
        }

        Edges(a, b, c, n, rows, columns);
    }

    /// <summary>c (6 x 32) = a b or c + a b, over <paramref name="depth"/> terms.</summary>
    /// <param name="a">Element (row 0, k 0).</param>
    /// <param name="aStep">Distance from one k to the next.</param>
    /// <param name="aRow">Distance from one row to the next.</param>
    /// <param name="b">Element (k 0, column 0).</param>
    /// <param name="bStep">Distance from one k to the next.</param>
    /// <param name="depth">Terms.</param>
    /// <param name="c">Element (0, 0).</param>
    /// <param name="cRow">Distance from one row to the next.</param>
    /// <param name="accumulate">Whether to add to what c holds.</param>
    internal static void Tile(ref float a, nint aStep, nint aRow, ref float b, nint bStep, int depth, ref float c,
        nint cRow, bool accumulate)
    {
        Vector512<float> c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default;
        Vector512<float> c30 = default, c31 = default, c40 = default, c41 = default, c50 = default, c51 = default;
        for (var k = 0; k < depth; k++)
        {
            var b0 = Vector512.LoadUnsafe(ref b);
            var b1 = Vector512.LoadUnsafe(ref b, Width);
            Step(a, b0, b1, ref c00, ref c01);
            Step(Unsafe.Add(ref a, aRow), b0, b1, ref c10, ref c11);
            Step(Unsafe.Add(ref a, 2 * aRow), b0, b1, ref c20, ref c21);
            Step(Unsafe.Add(ref a, 3 * aRow), b0, b1, ref c30, ref c31);
            Step(Unsafe.Add(ref a, 4 * aRow), b0, b1, ref c40, ref c41);
            Step(Unsafe.Add(ref a, 5 * aRow), b0, b1, ref c50, ref c51);
            a = ref Unsafe.Add(ref a, aStep);
            b = ref Unsafe.Add(ref b, bStep);
        }

        Store(ref c, c00, c01, accumulate);
        Store(ref Unsafe.Add(ref c, cRow), c10, c11, accumulate);
        Store(ref Unsafe.Add(ref c, 2 * cRow), c20, c21, accumulate);
        Store(ref Unsafe.Add(ref c, 3 * cRow), c30, c31, accumulate);
        Store(ref Unsafe.Add(ref c, 4 * cRow), c40, c41, accumulate);
        Store(ref Unsafe.Add(ref c, 5 * cRow), c50, c51, accumulate);
    }

    /// <summary>The rows from <paramref name="rows"/> on and the columns from <paramref name="columns"/> on.</summary>
    internal static void Edges(float[] a, float[] b, float[] c, int n, int rows, int columns)
    {
        for (var i = 0; i < n; i++)
        {
            var from = i < rows ? columns : 0;
            var row = c.AsSpan(i * n + from, n - from);
            row.Clear();
            for (var k = 0; k < n && from < n; k++)
                AddMultiple(a[i * n + k], b.AsSpan(k * n + from, n - from), row);
        }
    }

    /// <summary>y += factor x</summary>
    private static void AddMultiple(float factor, ReadOnlySpan<float> x, Span<float> y)
    {
        var broadcast = Vector512.Create(factor);
        ref var source = ref MemoryMarshal.GetReference(x);
        ref var target = ref MemoryMarshal.GetReference(y);
        var i = 0;
        for (; i <= y.Length - Width; i += Width)
        {
            var sum = Vector512.MultiplyAddEstimate(broadcast, Vector512.LoadUnsafe(ref source, (nuint)i),
                Vector512.LoadUnsafe(ref target, (nuint)i));
            sum.StoreUnsafe(ref target, (nuint)i);
        }

        for (; i < y.Length; i++)
            y[i] += factor * x[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(float a, Vector512<float> b0, Vector512<float> b1, ref Vector512<float> c0, ref Vector512<float> c1)
    {
        var broadcast = Vector512.Create(a);
        c0 = Vector512.MultiplyAddEstimate(broadcast, b0, c0);
        c1 = Vector512.MultiplyAddEstimate(broadcast, b1, c1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(ref float c, Vector512<float> c0, Vector512<float> c1, bool accumulate)
    {
        if (accumulate)
        {
            c0 += Vector512.LoadUnsafe(ref c);
            c1 += Vector512.LoadUnsafe(ref c, Width);
        }

        c0.StoreUnsafe(ref c);
        c1.StoreUnsafe(ref c, Width);
    }
}
