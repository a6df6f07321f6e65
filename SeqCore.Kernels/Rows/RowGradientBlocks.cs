namespace SeqCore.Kernels;

/// <summary>
/// A kernel that computes gradients row by row and also sums, over its rows, the gradients of vectors that all rows share.
/// </summary>
internal unsafe interface IRowGradientKernel : IRowKernel
{
    /// <summary>The number of vectors that all rows share.</summary>
    static abstract int VectorCount { get; }

    /// <summary>
    /// Sets the memory to which the kernel adds their gradients, one after the other; without this call it skips them.
    /// </summary>
    void SumInto(float* sums);
}

/// <summary>Such a kernel on blocks of neighbouring rows, each with its own sums; null for no sums.</summary>
internal readonly unsafe struct RowGradientBlocks<TKernel>(TKernel kernel, float* sums, int rows, int columns, int perBlock)
    : IChunks
    where TKernel : struct, IRowGradientKernel
{
    public void Invoke(int block)
    {
        var mine = RowChunks<TKernel>.Of(kernel, block, rows, perBlock);
        if (sums != null)
        {
            var length = TKernel.VectorCount * columns;
            new Span<float>(sums + ((long)block * length), length).Clear();
            mine.SumInto(sums + ((long)block * length));
        }

        Simd.Run(ref mine);
    }
}
