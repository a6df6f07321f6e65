namespace SeqCore.Kernels;

/// <summary>A kernel of gradients row by row that also sums, over its rows, those of vectors that all rows share.</summary>
internal unsafe interface IRowGradientKernel : IRowKernel
{
    /// <summary>Vectors that all rows share.</summary>
    static abstract int VectorCount { get; }

    /// <summary>Sets where it adds their gradients, one behind the other; without this it leaves them out.</summary>
    void SumInto(float* sums);
}

/// <summary>Such a kernel on blocks of neighbouring rows, each of which sums apart; null for no sums.</summary>
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
