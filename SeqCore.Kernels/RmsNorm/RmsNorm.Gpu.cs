namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    /// <inheritdoc/>
    public override void RmsNorm(DeviceSpan<float> x, DeviceSpan<float> weight, DeviceSpan<float> y, DeviceSpan<float> rstd,
        int rows, int columns, float epsilon, DeviceSpan<float> residual = default, DeviceSpan<float> sum = default)
    {
        CheckRmsNorm(x, weight, y, rstd, rows, columns, residual, sum);
        RunNorm<RmsNormForm>(nameof(RmsNorm), x, weight, default, y, default, rstd, rows, columns, epsilon, residual, sum);
    }

    /// <inheritdoc/>
    public override void RmsNormGradient(DeviceSpan<float> x, DeviceSpan<float> weight, DeviceSpan<float> rstd,
        DeviceSpan<float> dY,
        DeviceSpan<float> dX, DeviceSpan<float> dWeight, int rows, int columns, DeviceSpan<float> dSum = default)
    {
        CheckRmsNormGradient(x, weight, rstd, dY, dX, dWeight, rows, columns, dSum);
        RunNormGradient<RmsNormForm>(nameof(RmsNormGradient), x, weight, default, rstd, dY, dX, dWeight, default, rows,
            columns, dSum);
    }
}
