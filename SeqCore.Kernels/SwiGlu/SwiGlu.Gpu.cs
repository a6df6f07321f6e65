namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    /// <inheritdoc/>
    public override void SwiGlu(DeviceSpan<float> x, DeviceSpan<float> y, int rows, int columns) => throw new NotImplementedException();

    /// <inheritdoc/>
    public override void SwiGluGradient(DeviceSpan<float> x, DeviceSpan<float> dY, DeviceSpan<float> dX, int rows, int columns) => throw new NotImplementedException();
}
