namespace SeqCore.Kernels;

public sealed unsafe partial class CpuBackend
{
    /// <summary>
    /// Runs your own kernel once for each row, on all threads of this backend, and returns when all rows are done. Rows are
    /// distributed in runs whose length depends on their size; little work stays on the calling thread. Does not allocate.
    /// </summary>
    /// <param name="kernel">The kernel; each thread works on the same copy.</param>
    /// <param name="rows">The number of rows, at least 0.</param>
    /// <param name="columns">The number of elements of work in a row, at least 0: rows of few elements are distributed in larger
    /// runs.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative.</exception>
    public void ForEachRow<TKernel>(TKernel kernel, int rows, int columns) where TKernel : struct, ICpuKernel
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        var chunks = new KernelRows<TKernel> { Kernel = kernel, Rows = rows, PerChunk = RowChunking.PerChunk(columns) };
        Workers.For(RowChunking.Chunks(rows, chunks.PerChunk), ref chunks);
    }

    private struct KernelRows<TKernel> : IChunks where TKernel : struct, ICpuKernel
    {
        internal TKernel Kernel;
        internal int Rows;
        internal int PerChunk;

        public void Invoke(int chunk)
        {
            var first = chunk * (long)PerChunk;
            var end = Math.Min(Rows, first + PerChunk);
            for (var row = (int)first; row < end; row++)
                Kernel.Run(row);
        }
    }
}
