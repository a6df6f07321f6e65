namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    /// <inheritdoc/>
    public override void Adam(ReadOnlySpan<OptimizerSlot> slots, in AdamStep step) => throw new NotImplementedException();

    /// <inheritdoc/>
    public override void Sgd(ReadOnlySpan<OptimizerSlot> slots, in SgdStep step) => throw new NotImplementedException();

    /// <inheritdoc/>
    public override void RmsProp(ReadOnlySpan<OptimizerSlot> slots, in RmsPropStep step) => throw new NotImplementedException();

    /// <inheritdoc/>
    public override double GlobalNorm(ReadOnlySpan<DeviceSpan<float>> gradients) => throw new NotImplementedException();
}
