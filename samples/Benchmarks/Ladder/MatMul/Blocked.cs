namespace SeqCore.Benchmarks;

/// <summary>
/// The tile inside blocks that fit the caches, over copies of A and B in the order in which the tile reads them (Goto and van de
/// Geijn, "Anatomy of high-performance matrix multiplication", doi:10.1145/1356052.1356053).
/// </summary>
internal static class Blocked
{
    /// <summary>Terms in a block: a panel of B, 256 x 32 floats, is 32 KiB and stays in the first-level cache.</summary>
    private const int Depth = 256;

    /// <summary>
    /// Rows in a block: the packed block of A, 120 x 256 floats, is 120 KiB and stays in the second-level cache.
    /// </summary>
    private const int Rows = 20 * Vectors.TileRows;

    internal static void Multiply(float[] a, float[] b, float[] c, int n) => Multiply(a, b, c, n, 1);

    /// <summary>
    /// The same with the blocks of rows shared out among threads; each element of C is summed in the same order.
    /// </summary>
    internal static void Multiply(float[] a, float[] b, float[] c, int n, int threads)
    {
        var rows = n / Vectors.TileRows * Vectors.TileRows;
        var columns = n / Vectors.TileColumns * Vectors.TileColumns;
        var packedB = new float[Depth * columns];
        for (var k = 0; k < n; k += Depth)
        {
            var depth = Math.Min(Depth, n - k);
            var first = k;
            Each(threads, 0, columns, Vectors.TileColumns, j => PackB(b, packedB.AsSpan(j * depth), first, depth, j, n));
            Each(threads, 0, rows, Rows, i => RowBlock(a, packedB, c, n, i, Math.Min(Rows, rows - i), first, depth, columns));
        }

        Vectors.Edges(a, b, c, n, rows, columns);
    }

    private static void RowBlock(float[] a, float[] packedB, float[] c, int n, int i, int height, int k, int depth, int columns)
    {
        var packedA = new float[height * depth];
        PackA(a, packedA, i, height, k, depth, n);
        for (var j = 0; j < columns; j += Vectors.TileColumns)
        {
            for (var r = 0; r < height; r += Vectors.TileRows)
            {
                Vectors.Tile(ref packedA[r * depth], Vectors.TileRows, 1, ref packedB[j * depth], Vectors.TileColumns, depth,
                    ref c[(i + r) * n + j], n, accumulate: k > 0);
            }
        }
    }

    /// <summary>Panels of 6 rows: for each k, the 6 numbers side by side.</summary>
    private static void PackA(float[] a, Span<float> packed, int i, int height, int k, int depth, int n)
    {
        var at = 0;
        for (var r = 0; r < height; r += Vectors.TileRows)
        {
            for (var p = 0; p < depth; p++)
            {
                for (var row = 0; row < Vectors.TileRows; row++)
                    packed[at++] = a[(i + r + row) * n + k + p];
            }
        }
    }

    /// <summary>One panel of 32 columns: for each k, the 32 numbers side by side.</summary>
    private static void PackB(float[] b, Span<float> packed, int k, int depth, int j, int n)
    {
        for (var p = 0; p < depth; p++)
            b.AsSpan((k + p) * n + j, Vectors.TileColumns).CopyTo(packed[(p * Vectors.TileColumns)..]);
    }

    private static void Each(int threads, int from, int to, int step, Action<int> body)
    {
        var count = (to - from + step - 1) / step;
        if (threads == 1)
        {
            for (var i = 0; i < count; i++)
                body(from + i * step);
            return;
        }

        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads }, i => body(from + i * step));
    }
}
