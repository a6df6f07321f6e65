using ILGPU;

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

/// <summary>Compares two indices, one pair in each thread.</summary>
internal struct CompareIndicesGpuKernel : IGpuKernel
{
    internal int Comparison;
    internal ArrayView<int> X;
    internal ArrayView<int> Y;
    internal ArrayView<float> Result;
    internal int Count;

    public readonly void Run()
    {
        var i = Grid.IdxX * Group.DimX + Group.IdxX;
        if (i >= Count)
            return;
        int x = X[i], y = Y[i];
        var holds = Comparison == (int)IndexComparison.Equal ? x == y
            : Comparison == (int)IndexComparison.Less ? x < y
            : x <= y;
        Result[i] = holds ? 1f : 0f;
    }
}

/// <summary>Converts indices, one in each thread.</summary>
internal struct IndicesToFloatsGpuKernel : IGpuKernel
{
    internal ArrayView<int> X;
    internal ArrayView<float> Result;
    internal int Count;

    public readonly void Run()
    {
        var i = Grid.IdxX * Group.DimX + Group.IdxX;
        if (i < Count)
            Result[i] = X[i];
    }
}
