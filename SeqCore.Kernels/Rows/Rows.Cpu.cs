namespace SeqCore.Kernels;

public sealed unsafe partial class CpuBackend
{
    /// <summary>Runs a kernel on all rows.</summary>
    private void ForRows<TKernel>(TKernel kernel, int rows, int columns) where TKernel : struct, IRowKernel
    {
        var perChunk = RowChunking.PerChunk(columns);
        var chunks = new RowChunks<TKernel>(kernel, rows, perChunk);
        Workers.For(RowChunking.Chunks(rows, perChunk), ref chunks);
    }

    /// <summary>
    /// Runs a kernel of gradients on all rows, and writes the gradients of the vectors that rows share unless they are absent.
    /// </summary>
    private void ForRowBlocks<TKernel>(TKernel kernel, int rows, int columns, DeviceSpan<float> dFirst,
        DeviceSpan<float> dSecond = default)
        where TKernel : struct, IRowGradientKernel
    {
        var perBlock = BlockSums.RowsPerBlock(rows, columns);
        int blocks = RowChunking.Chunks(rows, perBlock), length = TKernel.VectorCount * columns;
        var wantsSums = !dFirst.IsAbsent || !dSecond.IsAbsent;
        using var partial = Take(wantsSums ? (long)blocks * length * sizeof(float) : 0);
        var sums = wantsSums ? partial.Pointer : null;
        var chunks = new RowGradientBlocks<TKernel>(kernel, sums, rows, columns, perBlock);
        Workers.For(blocks, ref chunks);
        if (!dFirst.IsAbsent)
            BlockSums.Add(sums, length, dFirst.Pointer(), blocks, columns);
        if (!dSecond.IsAbsent)
            BlockSums.Add(sums + columns, length, dSecond.Pointer(), blocks, columns);
    }
}
