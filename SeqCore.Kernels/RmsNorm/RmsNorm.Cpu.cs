namespace SeqCore.Kernels;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void RmsNorm(DeviceSpan<float> x, DeviceSpan<float> weight, DeviceSpan<float> y, DeviceSpan<float> rstd, int rows,
        int columns, float epsilon, DeviceSpan<float> residual = default, DeviceSpan<float> sum = default)
    {
        Rows.Check(nameof(RmsNorm), nameof(x), x, rows, columns);
        Rows.CheckOptional(nameof(RmsNorm), nameof(weight), weight, 1, columns);
        Rows.Check(nameof(RmsNorm), nameof(y), y, rows, columns);
        Rows.CheckOptional(nameof(RmsNorm), nameof(rstd), rstd, rows, 1);
        Rows.CheckResidual(nameof(RmsNorm), residual, sum, rows, columns);
        var perChunk = Rows.PerChunk(columns);
        var chunks = new RmsNormChunks(new RmsNormKernel
        {
            X = x.Pointer(),
            Residual = residual.Pointer(),
            Sum = sum.Pointer(),
            Weight = weight.Pointer(),
            Y = y.Pointer(),
            Rstd = rstd.Pointer(),
            Columns = columns,
            Epsilon = epsilon,
        }, rows, perChunk);
        Workers.For(Rows.Chunks(rows, perChunk), ref chunks);
        GC.KeepAlive(x.Buffer);
        GC.KeepAlive(weight.Buffer);
        GC.KeepAlive(y.Buffer);
        GC.KeepAlive(rstd.Buffer);
        GC.KeepAlive(residual.Buffer);
        GC.KeepAlive(sum.Buffer);
    }

    /// <inheritdoc/>
    public override void RmsNormGradient(DeviceSpan<float> x, DeviceSpan<float> weight, DeviceSpan<float> rstd, DeviceSpan<float> dY,
        DeviceSpan<float> dX, DeviceSpan<float> dWeight, int rows, int columns, DeviceSpan<float> dSum = default)
    {
        Rows.Check(nameof(RmsNormGradient), nameof(x), x, rows, columns);
        Rows.CheckOptional(nameof(RmsNormGradient), nameof(weight), weight, 1, columns);
        Rows.Check(nameof(RmsNormGradient), nameof(rstd), rstd, rows, 1);
        Rows.Check(nameof(RmsNormGradient), nameof(dY), dY, rows, columns);
        Rows.Check(nameof(RmsNormGradient), nameof(dX), dX, rows, columns);
        Rows.CheckOptional(nameof(RmsNormGradient), nameof(dWeight), dWeight, 1, columns);
        Rows.CheckOptional(nameof(RmsNormGradient), nameof(dSum), dSum, rows, columns);

        var perBlock = BlockSums.RowsPerBlock(rows, columns);
        var blocks = Rows.Chunks(rows, perBlock);
        using var partial = Rent(dWeight.IsAbsent ? 0 : (long)blocks * columns * sizeof(float));
        var sums = dWeight.IsAbsent ? null : (float*)((CpuBuffer)partial).Pointer;
        var chunks = new RmsNormGradientChunks(new RmsNormGradientKernel
        {
            X = x.Pointer(),
            Weight = weight.Pointer(),
            Rstd = rstd.Pointer(),
            DY = dY.Pointer(),
            DSum = dSum.Pointer(),
            DX = dX.Pointer(),
            Columns = columns,
        }, sums, rows, perBlock);
        Workers.For(blocks, ref chunks);
        if (!dWeight.IsAbsent)
            BlockSums.Add(sums, columns, dWeight.Pointer(), blocks, columns);
        GC.KeepAlive(x.Buffer);
        GC.KeepAlive(weight.Buffer);
        GC.KeepAlive(rstd.Buffer);
        GC.KeepAlive(dY.Buffer);
        GC.KeepAlive(dX.Buffer);
        GC.KeepAlive(dWeight.Buffer);
        GC.KeepAlive(dSum.Buffer);
    }

    private readonly struct RmsNormChunks(RmsNormKernel kernel, int rows, int perChunk) : IChunks
    {
        public void Invoke(int chunk)
        {
            var mine = kernel;
            mine.FirstRow = chunk * perChunk;
            mine.EndRow = (int)Math.Min(mine.FirstRow + (long)perChunk, rows);
            Simd.Run(ref mine);
        }
    }

    private readonly struct RmsNormGradientChunks(RmsNormGradientKernel kernel, float* sums, int rows, int perBlock) : IChunks
    {
        public void Invoke(int block)
        {
            var mine = kernel;
            mine.FirstRow = block * perBlock;
            mine.EndRow = (int)Math.Min(mine.FirstRow + (long)perBlock, rows);
            if (sums != null)
            {
                mine.DWeight = sums + (long)block * kernel.Columns;
                new Span<float>(mine.DWeight, kernel.Columns).Clear();
            }

            Simd.Run(ref mine);
        }
    }
}
