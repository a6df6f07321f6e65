namespace SeqCore.Kernels;

/// <summary>
/// Sums over all rows, for the gradients of weights and biases: each block of rows is summed separately, then the blocks are
/// added in order.
/// </summary>
internal static unsafe class BlockSums
{
    /// <summary>The largest number of blocks; more rows make larger blocks.</summary>
    private const int Blocks = 64;

    /// <summary>Returns the number of rows of a block; it depends on the rows and their length only.</summary>
    internal static int RowsPerBlock(int rows, int columns) =>
        Math.Max(RowChunking.PerChunk(columns), (rows + Blocks - 1) / Blocks);

    /// <summary>Computes the total of the blocks' sums, which are stride elements apart.</summary>
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
