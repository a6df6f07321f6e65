using ILGPU;

namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    /// <inheritdoc/>
    public override void Adam(ReadOnlySpan<OptimizerSlot> slots, in AdamStep step, DeviceSpan<float> factor = default)
    {
        OptimizerChecks.Check(step);
        RunOptimizer(nameof(Adam), slots, new AdamUpdate(step), factor);
    }

    /// <inheritdoc/>
    public override void Sgd(ReadOnlySpan<OptimizerSlot> slots, in SgdStep step, DeviceSpan<float> factor = default)
    {
        OptimizerChecks.Check(step);
        RunOptimizer(nameof(Sgd), slots, new SgdUpdate(step), factor);
    }

    /// <inheritdoc/>
    public override void RmsProp(ReadOnlySpan<OptimizerSlot> slots, in RmsPropStep step, DeviceSpan<float> factor = default) =>
        RunOptimizer(nameof(RmsProp), slots, new RmsPropUpdate(step), factor);

    private void RunOptimizer<TUpdate>(string operation, ReadOnlySpan<OptimizerSlot> slots, TUpdate update,
        DeviceSpan<float> factor)
        where TUpdate : struct, IOptimizerUpdate
    {
        OptimizerChecks.Check(operation, slots, update);
        using var table = new SlotTable(this, slots, OptimizerGpuKernel<TUpdate>.ChunkLength);
        foreach (var part in table.Parts)
        {
            LaunchAligned(new OptimizerGpuKernel<TUpdate>
            {
                Value = part.Value,
                Gradient = part.Gradient,
                First = part.First,
                Second = part.Second,
                Rows = part.Rows,
                Factor = View(factor),
                Rule = update,
            }, part.IsAligned, part.Chunks, operation);
        }

        foreach (var slot in slots)
        {
            GC.KeepAlive(slot.Value.Buffer);
            GC.KeepAlive(slot.Gradient.Buffer);
            GC.KeepAlive(slot.First.Buffer);
            GC.KeepAlive(slot.Second.Buffer);
        }
    }
}
