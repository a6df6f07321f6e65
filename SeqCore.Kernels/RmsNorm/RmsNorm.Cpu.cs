namespace SeqCore.Kernels;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void RmsNorm(DeviceSpan<float> x, DeviceSpan<float> weight, DeviceSpan<float> y, DeviceSpan<float> rstd,
        int rows, int columns, float epsilon, DeviceSpan<float> residual = default, DeviceSpan<float> sum = default)
    {
        CheckRmsNorm(x, weight, y, rstd, rows, columns, residual, sum);
        ForRows(new RmsNormKernel
        {
            X = x.Pointer(),
            Residual = residual.Pointer(),
            Sum = sum.Pointer(),
            Weight = weight.Pointer(),
            Y = y.Pointer(),
            Rstd = rstd.Pointer(),
            Columns = columns,
            Epsilon = epsilon,
        }, rows, columns);
        GC.KeepAlive(x.Buffer);
        GC.KeepAlive(weight.Buffer);
        GC.KeepAlive(y.Buffer);
        GC.KeepAlive(rstd.Buffer);
        GC.KeepAlive(residual.Buffer);
        GC.KeepAlive(sum.Buffer);
    }

    /// <inheritdoc/>
    public override void RmsNormGradient(DeviceSpan<float> x, DeviceSpan<float> weight, DeviceSpan<float> rstd,
        DeviceSpan<float> dY,
        DeviceSpan<float> dX, DeviceSpan<float> dWeight, int rows, int columns, DeviceSpan<float> dSum = default)
    {
        CheckRmsNormGradient(x, weight, rstd, dY, dX, dWeight, rows, columns, dSum);
        ForRowBlocks(new RmsNormGradientKernel
        {
            X = x.Pointer(),
            Weight = weight.Pointer(),
            Rstd = rstd.Pointer(),
            DY = dY.Pointer(),
            DSum = dSum.Pointer(),
            DX = dX.Pointer(),
            Columns = columns,
        }, rows, columns, dWeight);
        GC.KeepAlive(x.Buffer);
        GC.KeepAlive(weight.Buffer);
        GC.KeepAlive(rstd.Buffer);
        GC.KeepAlive(dY.Buffer);
        GC.KeepAlive(dX.Buffer);
        GC.KeepAlive(dWeight.Buffer);
        GC.KeepAlive(dSum.Buffer);
    }
}
