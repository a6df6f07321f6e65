namespace SeqCore.Kernels;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Softmax(DeviceSpan<float> x, DeviceSpan<float> y, int rows, int columns) => throw new NotImplementedException();

    /// <inheritdoc/>
    public override void SoftmaxGradient(DeviceSpan<float> y, DeviceSpan<float> dY, DeviceSpan<float> dX, int rows, int columns) => throw new NotImplementedException();

    /// <inheritdoc/>
    public override void LogSoftmax(DeviceSpan<float> x, DeviceSpan<float> y, int rows, int columns) => throw new NotImplementedException();

    /// <inheritdoc/>
    public override void LogSoftmaxGradient(DeviceSpan<float> y, DeviceSpan<float> dY, DeviceSpan<float> dX, int rows, int columns) => throw new NotImplementedException();
}
