using ILGPU;
using SeqCore.Kernels;

namespace SeqCore.Tests.Kernels.Gpu;

/// <summary>y = y + x.</summary>
public struct AddTestKernel : IGpuKernel
{
    internal ArrayView<float> X;
    internal ArrayView<float> Y;

    public readonly void Run()
    {
        var i = Grid.IdxX * Group.DimX + Group.IdxX;
        if (i < Y.IntLength)
            Y[i] += X[i];
    }
}

/// <summary>Notes indices outside [0, count).</summary>
public struct NoteTestKernel : IGpuKernel
{
    internal ArrayView<int> Indices;
    internal ArrayView<int> Notes;
    internal int Number;
    internal int Count;

    public readonly void Run()
    {
        var i = Group.IdxX;
        if (i < Indices.IntLength && (uint)Indices[i] >= (uint)Count)
            IndexProblems.Note(Notes, Number, i, Indices[i]);
    }
}

/// <summary>Asks for what no GPU has.</summary>
public struct ImpossibleTestKernel : IGpuKernel
{
    internal ArrayView<float> Y;

    public readonly void Run() => Y[0] = Environment.CurrentDirectory.Length;
}
