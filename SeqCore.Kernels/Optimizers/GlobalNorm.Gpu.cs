using ILGPU.Runtime.OpenCL;
using SeqCore.Kernels.Optimizers;

namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    private protected override double RunGlobalNorm(ReadOnlySpan<DeviceSpan<float>> gradients)
    {
        using var memory = Scratch(2, out var result, nameof(GlobalNorm));
        ClipFactor(gradients, 1f, result);
        Span<float> values = stackalloc float[2];
        Download(result, values);
        return values[0];
    }

    private protected override void RunClipFactor(ReadOnlySpan<DeviceSpan<float>> gradients, float maxNorm,
        DeviceSpan<float> result, DeviceSpan<float> earlier)
    {
        if (accelerator is CLAccelerator { Capabilities.Float64: false })
            ClipFactor<SquaresInPairs>(gradients, maxNorm, result, earlier);
        else
            ClipFactor<SquaresInDouble>(gradients, maxNorm, result, earlier);
    }

    private void ClipFactor<TSum>(ReadOnlySpan<DeviceSpan<float>> gradients, float maxNorm, DeviceSpan<float> result,
        DeviceSpan<float> earlier)
        where TSum : unmanaged, ISumOfSquares<TSum>
    {
        var slots = new OptimizerSlot[gradients.Length];
        for (var i = 0; i < slots.Length; i++)
            slots[i] = new OptimizerSlot(default, gradients[i], default, default);
        using var table = new SlotTable(this, slots, SquaresGpuKernel<TSum>.ChunkLength);
        var chunks = table.Parts.Sum(static p => p.Chunks);
        using var memory = Scratch(2 * Math.Max(1, chunks), out _);
        var sums = new DeviceSpan<TSum>(memory, 0, chunks);
        var done = 0;
        foreach (var part in table.Parts)
        {
            var sumsOfPart = View(sums.Slice(done, part.Chunks));
            LaunchAligned(new SquaresGpuKernel<TSum> { X = part.Gradient, Rows = part.Rows, Sums = sumsOfPart },
                part.IsAligned, part.Chunks, nameof(ClipFactor));
            done += part.Chunks;
        }

        Launch(new ClipFactorGpuKernel<TSum>
        {
            Sums = View(sums),
            Result = View(result),
            Earlier = View(earlier),
            MaxNorm = maxNorm,
        }, 1, nameof(ClipFactor));
    }
}
