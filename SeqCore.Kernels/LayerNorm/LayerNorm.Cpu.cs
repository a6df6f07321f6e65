namespace SeqCore.Kernels;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void LayerNorm(DeviceSpan<float> x, DeviceSpan<float> weight, DeviceSpan<float> bias, DeviceSpan<float> y,
        DeviceSpan<float> mean, DeviceSpan<float> rstd, int rows, int columns, float epsilon, DeviceSpan<float> residual = default,
        DeviceSpan<float> sum = default)
    {
        Rows.Check(nameof(LayerNorm), nameof(x), x, rows, columns);
        Rows.CheckOptional(nameof(LayerNorm), nameof(weight), weight, 1, columns);
        Rows.CheckOptional(nameof(LayerNorm), nameof(bias), bias, 1, columns);
        Rows.Check(nameof(LayerNorm), nameof(y), y, rows, columns);
        Rows.CheckOptional(nameof(LayerNorm), nameof(mean), mean, rows, 1);
        Rows.CheckOptional(nameof(LayerNorm), nameof(rstd), rstd, rows, 1);
        Rows.CheckResidual(nameof(LayerNorm), residual, sum, rows, columns);
        var perChunk = Rows.PerChunk(columns);
        var chunks = new LayerNormChunks(new LayerNormKernel
        {
            X = x.Pointer(),
            Residual = residual.Pointer(),
            Sum = sum.Pointer(),
            Weight = weight.Pointer(),
            Bias = bias.Pointer(),
            Y = y.Pointer(),
            Mean = mean.Pointer(),
            Rstd = rstd.Pointer(),
            Columns = columns,
            Epsilon = epsilon,
        }, rows, perChunk);
        Workers.For(Rows.Chunks(rows, perChunk), ref chunks);
        GC.KeepAlive(x.Buffer);
        GC.KeepAlive(weight.Buffer);
        GC.KeepAlive(bias.Buffer);
        GC.KeepAlive(y.Buffer);
        GC.KeepAlive(mean.Buffer);
        GC.KeepAlive(rstd.Buffer);
        GC.KeepAlive(residual.Buffer);
        GC.KeepAlive(sum.Buffer);
    }

    /// <inheritdoc/>
    public override void LayerNormGradient(DeviceSpan<float> x, DeviceSpan<float> weight, DeviceSpan<float> mean,
        DeviceSpan<float> rstd, DeviceSpan<float> dY, DeviceSpan<float> dX, DeviceSpan<float> dWeight, DeviceSpan<float> dBias,
        int rows, int columns, DeviceSpan<float> dSum = default)
    {
        Rows.Check(nameof(LayerNormGradient), nameof(x), x, rows, columns);
        Rows.CheckOptional(nameof(LayerNormGradient), nameof(weight), weight, 1, columns);
        Rows.Check(nameof(LayerNormGradient), nameof(mean), mean, rows, 1);
        Rows.Check(nameof(LayerNormGradient), nameof(rstd), rstd, rows, 1);
        Rows.Check(nameof(LayerNormGradient), nameof(dY), dY, rows, columns);
        Rows.Check(nameof(LayerNormGradient), nameof(dX), dX, rows, columns);
        Rows.CheckOptional(nameof(LayerNormGradient), nameof(dWeight), dWeight, 1, columns);
        Rows.CheckOptional(nameof(LayerNormGradient), nameof(dBias), dBias, 1, columns);
        Rows.CheckOptional(nameof(LayerNormGradient), nameof(dSum), dSum, rows, columns);

        var perBlock = BlockSums.RowsPerBlock(rows, columns);
        var blocks = Rows.Chunks(rows, perBlock);
        var wantsSums = !dWeight.IsAbsent || !dBias.IsAbsent;
        using var partial = Rent(wantsSums ? 2L * blocks * columns * sizeof(float) : 0);
        var sums = wantsSums ? (float*)((CpuBuffer)partial).Pointer : null;
        var chunks = new LayerNormGradientChunks(new LayerNormGradientKernel
        {
            X = x.Pointer(),
            Weight = weight.Pointer(),
            Mean = mean.Pointer(),
            Rstd = rstd.Pointer(),
            DY = dY.Pointer(),
            DSum = dSum.Pointer(),
            DX = dX.Pointer(),
            Columns = columns,
        }, sums, rows, perBlock);
        Workers.For(blocks, ref chunks);
        if (!dWeight.IsAbsent)
            BlockSums.Add(sums, 2 * columns, dWeight.Pointer(), blocks, columns);
        if (!dBias.IsAbsent)
            BlockSums.Add(sums + columns, 2 * columns, dBias.Pointer(), blocks, columns);
        GC.KeepAlive(x.Buffer);
        GC.KeepAlive(weight.Buffer);
        GC.KeepAlive(mean.Buffer);
        GC.KeepAlive(rstd.Buffer);
        GC.KeepAlive(dY.Buffer);
        GC.KeepAlive(dX.Buffer);
        GC.KeepAlive(dWeight.Buffer);
        GC.KeepAlive(dBias.Buffer);
        GC.KeepAlive(dSum.Buffer);
    }

    private readonly struct LayerNormChunks(LayerNormKernel kernel, int rows, int perChunk) : IChunks
    {
        public void Invoke(int chunk)
        {
            var mine = kernel;
            mine.FirstRow = chunk * perChunk;
            mine.EndRow = (int)Math.Min(mine.FirstRow + (long)perChunk, rows);
            Simd.Run(ref mine);
        }
    }

    private readonly struct LayerNormGradientChunks(LayerNormGradientKernel kernel, float* sums, int rows, int perBlock) : IChunks
    {
        public void Invoke(int block)
        {
            var mine = kernel;
            mine.FirstRow = block * perBlock;
            mine.EndRow = (int)Math.Min(mine.FirstRow + (long)perBlock, rows);
            if (sums != null)
            {
                mine.DWeight = sums + 2L * block * kernel.Columns;
                mine.DBias = mine.DWeight + kernel.Columns;
                new Span<float>(mine.DWeight, 2 * kernel.Columns).Clear();
            }

            Simd.Run(ref mine);
        }
    }
}
