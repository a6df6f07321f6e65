namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    /// <inheritdoc/>
    public override void Rotary(DeviceSpan<float> x, DeviceSpan<float> table, DeviceSpan<float> y, in RotaryShape shape) => throw new NotImplementedException();

    /// <inheritdoc/>
    public override void RotaryGradient(DeviceSpan<float> dY, DeviceSpan<float> table, DeviceSpan<float> dX, in RotaryShape shape) => throw new NotImplementedException();
}
