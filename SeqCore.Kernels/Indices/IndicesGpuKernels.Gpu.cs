using ILGPU;

namespace SeqCore.Kernels.Indices;

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
