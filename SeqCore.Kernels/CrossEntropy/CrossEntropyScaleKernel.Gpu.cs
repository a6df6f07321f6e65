using ILGPU;

namespace SeqCore.Kernels.CrossEntropy;

/// <summary>
/// Sums the weights of all rows in one group: thread t adds rows t, t + 256, t + 512 and so on, and the 256 sums are added in a
/// fixed order. A target out of range has no class weight; the next operation reports it.
/// </summary>
internal struct CrossEntropyScaleKernel : IGpuKernel
{
    internal ArrayView<int> Targets;
    internal ArrayView<float> Weights;
    internal ArrayView<float> ClassWeights;
    internal ArrayView<float> Scale;
    internal ArrayView<int> Notes;
    internal int Number;
    internal int Rows;
    internal int IgnoreIndex;

    public readonly void Run()
    {
        var total = 0f;
        for (var r = Group.IdxX; r < Rows; r += Group.DimX)
        {
            var target = Targets[r];
            if (target != IgnoreIndex)
                total += (Weights.Length == 0 ? 1f : Weights[r]) * OfClass(target);
        }

        total = TeamReduction.Sum(total, IGpuKernel.MostThreads);
        if (Group.IdxX != 0)
            return;
        var isDivisor = total > 0f && total <= float.MaxValue;
        Scale[0] = isDivisor ? 1f / total : 0f;
        if (!isDivisor)
            IndexProblems.Note(Notes, Number, 0, total == 0f ? 0 : 1);
    }

    private readonly float OfClass(int target) =>
        ClassWeights.Length == 0 || (uint)target >= (uint)ClassWeights.IntLength ? 1f : ClassWeights[target];
}
