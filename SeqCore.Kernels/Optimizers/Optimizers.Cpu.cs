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
        var numbers = default(ChunkNumbers);
        for (var i = 0; i < slots.Length; i++)
        {
            var slot = slots[i];
            var (chunk, part) = numbers.Add(slot.Value.Length);
            tensors[i] = new TensorChunk
            {
                FirstChunk = chunk,
                FirstPart = part,
                Length = slot.Value.Length,
                Value = slot.Value.Pointer(),
                Gradient = slot.Gradient.Pointer(),
                First = slot.First.Pointer(),
                Second = slot.Second.Pointer(),
            };
        }

        var chunks = new OptimizerChunks<TUpdate>(update, tensors, slots.Length);
        Workers.For(numbers.Chunks, ref chunks);
    }

    private readonly struct OptimizerChunks<TUpdate>(TUpdate update, TensorChunk* tensors, int count) : IChunks
        where TUpdate : struct, IOptimizerUpdate
    {
        public void Invoke(int chunk)
        {
            for (var i = TensorChunk.Find(tensors, count, chunk); i < count && tensors[i].FirstChunk <= chunk; i++)
            {
                var kernel = new OptimizerKernel<TUpdate>(update, tensors[i].Part(chunk));
                Simd.Run(ref kernel);
            }
        }
    }
}
