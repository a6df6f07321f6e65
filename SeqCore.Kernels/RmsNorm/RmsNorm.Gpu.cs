namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    /// <inheritdoc/>
    public override void RmsNorm(DeviceSpan<float> x, DeviceSpan<float> weight, DeviceSpan<float> y, DeviceSpan<float> rstd, int rows, int columns, float epsilon, DeviceSpan<float> residual = default, DeviceSpan<float> sum = default) => throw new NotImplementedException();

    /// <inheritdoc/>
    public override void RmsNormGradient(DeviceSpan<float> x, DeviceSpan<float> weight, DeviceSpan<float> rstd, DeviceSpan<float> dY, DeviceSpan<float> dX, DeviceSpan<float> dWeight, int rows, int columns, DeviceSpan<float> dSum = default) => throw new NotImplementedException();
}
