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

/// <summary>Computes an index from two, one pair in each thread; notes a division by 0.</summary>
internal struct ComputeIndicesGpuKernel : IGpuKernel
{
    internal int Operation;
    internal ArrayView<int> X;
    internal int XStep;
    internal ArrayView<int> Y;
    internal int YStep;
    internal ArrayView<int> Result;
    internal ArrayView<int> Notes;
    internal int Number;
    internal int Count;

    public readonly void Run()
    {
        var i = Grid.IdxX * Group.DimX + Group.IdxX;
        if (i >= Count)
            return;
        int x = X[i * XStep], y = Y[i * YStep];
        if (y == 0 && IndexFormula.Divides(Operation))
        {
            IndexProblems.Note(Notes, Number, i * YStep, 0);
            Result[i] = 0;
            return;
        }

        Result[i] = IndexFormula.Of(Operation, x, y);
    }
}

/// <summary>Converts floats, one in each thread; notes one that int32 does not have.</summary>
internal struct FloatsToIndicesGpuKernel : IGpuKernel
{
    internal ArrayView<float> X;
    internal ArrayView<int> Result;
    internal ArrayView<int> Notes;
    internal int Number;
    internal int Count;

    public readonly void Run()
    {
        var i = Grid.IdxX * Group.DimX + Group.IdxX;
        if (i >= Count)
            return;
        var x = X[i];
        var isIndex = IndexFormula.IsIndex(x);
        if (!isIndex)
            IndexProblems.Note(Notes, Number, i, (int)Interop.FloatAsInt(x));
        Result[i] = isIndex ? (int)x : 0;
    }
}
