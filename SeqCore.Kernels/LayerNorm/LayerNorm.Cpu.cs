namespace SeqCore.Kernels;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void LayerNorm(DeviceSpan<float> x, DeviceSpan<float> weight, DeviceSpan<float> bias, DeviceSpan<float> y,
        DeviceSpan<float> mean, DeviceSpan<float> rstd, int rows, int columns, float epsilon,
        DeviceSpan<float> residual = default, DeviceSpan<float> sum = default)
    {
        CheckLayerNorm(x, weight, bias, y, mean, rstd, rows, columns, residual, sum);
        ForRows(new LayerNormKernel
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
        }, rows, columns);
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
        CheckLayerNormGradient(x, weight, mean, rstd, dY, dX, dWeight, dBias, rows, columns, dSum);
        ForRowBlocks(new LayerNormGradientKernel
        {
            X = x.Pointer(),
            Weight = weight.Pointer(),
            Mean = mean.Pointer(),
            Rstd = rstd.Pointer(),
            DY = dY.Pointer(),
            DSum = dSum.Pointer(),
            DX = dX.Pointer(),
            Columns = columns,
        }, rows, columns, dWeight, dBias);
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
}
