namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    /// <inheritdoc/>
    public override void Reduce(ReductionKind kind, in StridedSpan x, in StridedSpan y) => throw new NotImplementedException();

    /// <inheritdoc/>
    public override void ArgMax(in StridedSpan x, int axis, DeviceSpan<int> indices) => throw new NotImplementedException();
}
