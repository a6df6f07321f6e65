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

    private protected override void RunFloatsToIndices(DeviceSpan<float> x, DeviceSpan<int> result)
    {
        var (notes, number) = problems.Watch((position, bits) => NoIndex(position, BitConverter.Int32BitsToSingle(bits)));
        Launch(new FloatsToIndicesGpuKernel
        {
            X = View(x),
            Result = View(result),
            Notes = notes,
            Number = number,
            Count = x.Length,
        }, RowChunking.Chunks(x.Length, IGpuKernel.MostThreads), nameof(FloatsToIndices));
    }

    private protected override void RunComputeIndices(IndexArithmetic operation, DeviceSpan<int> x, DeviceSpan<int> y,
        DeviceSpan<int> result)
    {
        var (notes, number) = problems.Watch((position, _) =>
            (Exception)new DivideByZeroException(DivisionByZero(operation, position)));
        Launch(new ComputeIndicesGpuKernel
        {
            Operation = (int)operation,
            X = View(x),
            XStep = x.Length == 1 ? 0 : 1,
            Y = View(y),
            YStep = y.Length == 1 ? 0 : 1,
            Result = View(result),
            Notes = notes,
            Number = number,
            Count = result.Length,
        }, RowChunking.Chunks(result.Length, IGpuKernel.MostThreads), nameof(ComputeIndices));
    }

    private protected override void RunIndicesToFloats(DeviceSpan<int> x, DeviceSpan<float> result)
    {
        Launch(new IndicesToFloatsGpuKernel { X = View(x), Result = View(result), Count = x.Length },
            RowChunking.Chunks(x.Length, IGpuKernel.MostThreads), nameof(IndicesToFloats));
    }
}
