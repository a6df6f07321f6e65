namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    /// <inheritdoc/>
    public override void FillUniform(DeviceSpan<float> destination, RandomStream stream, float low, float high) => throw new NotImplementedException();

    /// <inheritdoc/>
    public override void FillNormal(DeviceSpan<float> destination, RandomStream stream, float mean, float standardDeviation) => throw new NotImplementedException();

    /// <inheritdoc/>
    public override void Dropout(DeviceSpan<float> x, DeviceSpan<float> y, float probability, RandomStream stream) => throw new NotImplementedException();
}
