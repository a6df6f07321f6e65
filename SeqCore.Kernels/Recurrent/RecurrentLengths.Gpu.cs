using ILGPU;

namespace SeqCore.Kernels.Recurrent;

/// <summary>Notes a length that is not in [0, T]; thread i of the grid checks sequence i.</summary>
internal struct RecurrentLengths : IGpuKernel
{
    internal ArrayView<int> Lengths;
    internal int Steps;
    internal ArrayView<int> Notes;
    internal int Number;

    public readonly void Run()
    {
        var b = (Grid.IdxX * Group.DimX) + Group.IdxX;
        if (b >= Lengths.Length)
            return;
        var length = Lengths[b];
        if (length < 0 || length > Steps)
            IndexProblems.Note(Notes, Number, b, length);
    }
}
