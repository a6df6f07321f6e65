using SeqCore.Kernels.Indices;

namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    private protected override void RunCompareIndices(IndexComparison comparison, DeviceSpan<int> x, DeviceSpan<int> y,
        DeviceSpan<float> result)
    {
        Launch(new CompareIndicesGpuKernel
        {
            Comparison = (int)comparison,
            X = View(x),
            Y = View(y),
            Result = View(result),
            Count = x.Length,
        }, RowChunking.Chunks(x.Length, IGpuKernel.MostThreads), nameof(CompareIndices));
    }

    private protected override void RunIndicesToFloats(DeviceSpan<int> x, DeviceSpan<float> result)
    {
        Launch(new IndicesToFloatsGpuKernel { X = View(x), Result = View(result), Count = x.Length },
            RowChunking.Chunks(x.Length, IGpuKernel.MostThreads), nameof(IndicesToFloats));
    }
}
