namespace SeqCore.Kernels;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Adam(ReadOnlySpan<OptimizerSlot> slots, in AdamStep step)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(step.Step);
        RunOptimizer(nameof(Adam), slots, new AdamUpdate(step), needsFirst: true, needsSecond: true);
    }

    /// <inheritdoc/>
    public override void Sgd(ReadOnlySpan<OptimizerSlot> slots, in SgdStep step)
    {
        if (step.Nesterov && (step.Momentum <= 0f || step.Dampening != 0f))
            throw new ArgumentException("Sgd: Nesterov momentum needs a momentum above 0 and a dampening of 0.");
        RunOptimizer(nameof(Sgd), slots, new SgdUpdate(step), needsFirst: step.Momentum != 0f, needsSecond: false);
    }

    /// <inheritdoc/>
    public override void RmsProp(ReadOnlySpan<OptimizerSlot> slots, in RmsPropStep step) =>
        RunOptimizer(nameof(RmsProp), slots, new RmsPropUpdate(step), needsFirst: step.Momentum != 0f, needsSecond: true);

    private void RunOptimizer<TUpdate>(string operation, ReadOnlySpan<OptimizerSlot> slots, TUpdate update, bool needsFirst,
        bool needsSecond) where TUpdate : struct, IOptimizerUpdate
    {
        using var memory = Rent(slots.Length * (long)sizeof(TensorChunk));
        var tensors = (TensorChunk*)((CpuBuffer)memory).Pointer;
        var chunkCount = 0;
        for (var i = 0; i < slots.Length; i++)
        {
            var slot = slots[i];
            var length = slot.Value.Length;
            CheckLength(operation, "gradient", i, slot.Gradient, length);
            if (needsFirst)
                CheckLength(operation, "first moment", i, slot.First, length);
            if (needsSecond)
                CheckLength(operation, "second moment", i, slot.Second, length);
            tensors[i] = new TensorChunk
            {
                FirstChunk = chunkCount,
                Length = length,
                Value = slot.Value.Pointer(),
                Gradient = slot.Gradient.Pointer(),
                First = slot.First.Pointer(),
                Second = slot.Second.Pointer(),
            };
            chunkCount += Rows.Chunks(length, TensorChunk.ChunkLength);
        }

        var chunks = new OptimizerChunks<TUpdate>(update, tensors, slots.Length);
        Workers.For(chunkCount, ref chunks);
        GC.KeepAlive(memory);
        foreach (var slot in slots)
        {
            GC.KeepAlive(slot.Value.Buffer);
            GC.KeepAlive(slot.Gradient.Buffer);
            GC.KeepAlive(slot.First.Buffer);
            GC.KeepAlive(slot.Second.Buffer);
        }
    }

    // The name is put together only where it is needed: a step makes no text.
    private static void CheckLength(string operation, string part, int slot, DeviceSpan<float> span, int length)
    {
        if (span.Length < length)
            Rows.Check(operation, $"the {part} of slot {slot}", span, 1, length);
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
