namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    /// <inheritdoc/>
    public override void LayerNorm(DeviceSpan<float> x, DeviceSpan<float> weight, DeviceSpan<float> bias, DeviceSpan<float> y, DeviceSpan<float> mean, DeviceSpan<float> rstd, int rows, int columns, float epsilon, DeviceSpan<float> residual = default, DeviceSpan<float> sum = default) => throw new NotImplementedException();

    /// <inheritdoc/>
    public override void LayerNormGradient(DeviceSpan<float> x, DeviceSpan<float> weight, DeviceSpan<float> mean, DeviceSpan<float> rstd, DeviceSpan<float> dY, DeviceSpan<float> dX, DeviceSpan<float> dWeight, DeviceSpan<float> dBias, int rows, int columns, DeviceSpan<float> dSum = default) => throw new NotImplementedException();
}
