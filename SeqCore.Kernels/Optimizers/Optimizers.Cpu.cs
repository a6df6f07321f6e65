using SeqCore.Kernels.Optimizers;

namespace SeqCore.Kernels;

public sealed unsafe partial class CpuBackend
{
    private protected override void RunAdam(ReadOnlySpan<OptimizerSlot> slots, in AdamStep step, DeviceSpan<float> factor)
    {
        var scale = step.GradientScale * Factor(factor);
        RunOptimizer(nameof(Adam), slots, new AdamUpdate(step with { GradientScale = scale }), scale);
    }

    private protected override void RunSgd(ReadOnlySpan<OptimizerSlot> slots, in SgdStep step, DeviceSpan<float> factor)
    {
        var scale = step.GradientScale * Factor(factor);
        RunOptimizer(nameof(Sgd), slots, new SgdUpdate(step with { GradientScale = scale }), scale);
    }

    private protected override void RunRmsProp(ReadOnlySpan<OptimizerSlot> slots, in RmsPropStep step, DeviceSpan<float> factor)
    {
        var scale = step.GradientScale * Factor(factor);
        RunOptimizer(nameof(RmsProp), slots, new RmsPropUpdate(step with { GradientScale = scale }), scale);
    }

    private static float Factor(DeviceSpan<float> factor) => factor.IsAbsent ? 1f : factor.AsHostSpan()[0];

    private void RunOptimizer<TUpdate>(string operation, ReadOnlySpan<OptimizerSlot> slots, TUpdate update, float scale)
        where TUpdate : struct, IOptimizerUpdate
    {
        OptimizerChecks.Check(operation, slots, update);
        if (float.IsNaN(scale))
            return;
        using var memory = Take(slots.Length * (long)sizeof(TensorChunk));
        var tensors = (TensorChunk*)memory.Pointer;
        var chunkCount = 0;
        for (var i = 0; i < slots.Length; i++)
        {
            var slot = slots[i];
            tensors[i] = new TensorChunk
            {
                FirstChunk = chunkCount,
                Length = slot.Value.Length,
                Value = slot.Value.Pointer(),
                Gradient = slot.Gradient.Pointer(),
                First = slot.First.Pointer(),
                Second = slot.Second.Pointer(),
            };
            chunkCount += RowChunking.Chunks(slot.Value.Length, TensorChunk.ChunkLength);
        }

        var chunks = new OptimizerChunks<TUpdate>(update, tensors, slots.Length);
        Workers.For(chunkCount, ref chunks);
    }

    private readonly struct OptimizerChunks<TUpdate>(TUpdate update, TensorChunk* tensors, int count) : IChunks
        where TUpdate : struct, IOptimizerUpdate
    {
        public void Invoke(int chunk)
        {
            var kernel = new OptimizerKernel<TUpdate>(update, TensorChunk.Find(tensors, count, chunk));
            Simd.Run(ref kernel);
        }
    }
}
