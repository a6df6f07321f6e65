using SeqCore.Kernels.Optimizers;

namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    private protected override void RunAdam(ReadOnlySpan<OptimizerSlot> slots, in AdamStep step, DeviceSpan<float> factor)
    {
        RunOptimizer(nameof(Adam), slots, new AdamUpdate(step), factor);
    }

    private protected override void RunSgd(ReadOnlySpan<OptimizerSlot> slots, in SgdStep step, DeviceSpan<float> factor)
    {
        RunOptimizer(nameof(Sgd), slots, new SgdUpdate(step), factor);
    }

    private protected override void RunRmsProp(ReadOnlySpan<OptimizerSlot> slots, in RmsPropStep step,
        DeviceSpan<float> factor) =>
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
    }
}
