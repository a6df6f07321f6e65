namespace SeqCore.Kernels;

/// <summary>
/// Sums over all rows, as weights and biases have them: each block of rows sums apart, then the blocks are added in order.
/// </summary>
internal static unsafe class BlockSums
{
    /// <summary>Blocks at most; more rows make larger blocks.</summary>
    private const int Blocks = 64;

    /// <summary>Rows in one block; depends on the rows and their length only.</summary>
    internal static int RowsPerBlock(int rows, int columns) =>
        Math.Max(RowChunking.PerChunk(columns), (rows + Blocks - 1) / Blocks);

    /// <summary>total = the sum of the blocks' rows, which lie stride elements apart.</summary>
    internal static void Add(float* sums, int stride, float* total, int blocks, int columns)
    {
        new Span<float>(total, columns).Clear();
        for (var b = 0; b < blocks; b++)
        {
            var kernel = new AddRowKernel(sums + (long)b * stride, total, columns);
            Simd.Run(ref kernel);
        }
    }
}
