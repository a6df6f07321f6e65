namespace SeqCore.Kernels;

/// <summary>A kernel that works row by row, on rows [FirstRow, EndRow).</summary>
internal interface IRowKernel : ISimdKernel
{
    int FirstRow { get; set; }

    int EndRow { get; set; }
}

/// <summary>A kernel on chunks of neighbouring rows.</summary>
internal readonly struct RowChunks<TKernel>(TKernel kernel, int rows, int perChunk) : IChunks where TKernel : struct, IRowKernel
{
    public void Invoke(int chunk)
    {
        var mine = Of(kernel, chunk, rows, perChunk);
        Simd.Run(ref mine);
    }

    /// <summary>Returns the kernel for the rows of one chunk.</summary>
    internal static TKernel Of(TKernel kernel, int chunk, int rows, int perChunk)
    {
        kernel.FirstRow = chunk * perChunk;
        kernel.EndRow = (int)Math.Min(kernel.FirstRow + (long)perChunk, rows);
        return kernel;
    }
}
