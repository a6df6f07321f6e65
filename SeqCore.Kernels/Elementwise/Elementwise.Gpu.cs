namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    /// <inheritdoc/>
    public override void Unary<TOperation>(TOperation operation, in StridedSpan x, in StridedSpan y) => throw new NotImplementedException();

    /// <inheritdoc/>
    public override void UnaryGradient<TOperation>(TOperation operation, DeviceSpan<float> x, DeviceSpan<float> y, DeviceSpan<float> dY, DeviceSpan<float> dX, bool accumulate = false) => throw new NotImplementedException();

    /// <inheritdoc/>
    public override void Binary<TOperation>(TOperation operation, in StridedSpan x, in StridedSpan y, in StridedSpan z) => throw new NotImplementedException();

    /// <inheritdoc/>
    public override void BinaryGradient<TOperation>(TOperation operation, in StridedSpan x, in StridedSpan y, in StridedSpan z, in StridedSpan dZ, DeviceSpan<float> dX, DeviceSpan<float> dY) => throw new NotImplementedException();

    /// <inheritdoc/>
    public override void Where(in StridedSpan mask, in StridedSpan x, in StridedSpan z, in StridedSpan y) => throw new NotImplementedException();
}
