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

/// <summary>
/// Each thread's sums and maxima over runs and teams, through shared memory, which OpenCL uses in place of shuffles.
/// </summary>
public struct SharedReductionsTestKernel : IGpuKernel
{
    internal ArrayView<float> X;

    /// <summary>
    /// Shape (6, threads): sum and maximum of the run of 8, of the team of 128, then of the 8 threads that differ
    /// in the bits 1 to 3.
    /// </summary>
    internal ArrayView<float> Y;

    public readonly void Run()
    {
        var thread = Group.IdxX;
        Y[thread] = TeamsInSharedMemory.Reduce<SumReducer>(X[thread], 8, 1);
        Y[Group.DimX + thread] = TeamsInSharedMemory.Reduce<MaxReducer>(X[thread], 8, 1);
        Y[2 * Group.DimX + thread] = TeamsInSharedMemory.Reduce<SumReducer>(X[thread], 128, 1);
        Y[3 * Group.DimX + thread] = TeamsInSharedMemory.Reduce<MaxReducer>(X[thread], 128, 1);
        Y[4 * Group.DimX + thread] = TeamsInSharedMemory.Reduce<SumReducer>(X[thread], 8, 2);
        Y[5 * Group.DimX + thread] = TeamsInSharedMemory.Reduce<MaxReducer>(X[thread], 8, 2);
    }
}

/// <summary>Asks for what no GPU has.</summary>
public struct ImpossibleTestKernel : IGpuKernel
{
    internal ArrayView<float> Y;

    public readonly void Run() => Y[0] = Environment.CurrentDirectory.Length;
}
