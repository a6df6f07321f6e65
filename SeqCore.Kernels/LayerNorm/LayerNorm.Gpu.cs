namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    /// <inheritdoc/>
    public override void LayerNorm(DeviceSpan<float> x, DeviceSpan<float> weight, DeviceSpan<float> bias, DeviceSpan<float> y,
        DeviceSpan<float> mean, DeviceSpan<float> rstd, int rows, int columns, float epsilon,
        DeviceSpan<float> residual = default, DeviceSpan<float> sum = default)
    {
        CheckLayerNorm(x, weight, bias, y, mean, rstd, rows, columns, residual, sum);
        RunNorm<LayerNormForm>(nameof(LayerNorm), x, weight, bias, y, mean, rstd, rows, columns, epsilon, residual, sum);
    }

    /// <inheritdoc/>
    public override void LayerNormGradient(DeviceSpan<float> x, DeviceSpan<float> weight, DeviceSpan<float> mean,
        DeviceSpan<float> rstd, DeviceSpan<float> dY, DeviceSpan<float> dX, DeviceSpan<float> dWeight, DeviceSpan<float> dBias,
        int rows, int columns, DeviceSpan<float> dSum = default)
    {
        CheckLayerNormGradient(x, weight, mean, rstd, dY, dX, dWeight, dBias, rows, columns, dSum);
        RunNormGradient<LayerNormForm>(nameof(LayerNormGradient), x, weight, mean, rstd, dY, dX, dWeight, dBias, rows,
            columns, dSum);
    }
}
