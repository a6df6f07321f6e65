using SeqCore.Kernels.CrossEntropy;

namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    private protected override void RunCrossEntropyScale(DeviceSpan<int> targets, CrossEntropyWeights weights,
        DeviceSpan<float> scale, int rows, int ignoreIndex)
    {
        var (notes, number) = problems.Watch((_, isBad) => isBad == 0 ? MeanOfNothing(weights, ignoreIndex) : BadWeights);
        Launch(new CrossEntropyScaleKernel
        {
            Targets = View(targets),
            Weights = View(weights.Tokens),
            ClassWeights = View(weights.Classes),
            Scale = View(scale),
            Notes = notes,
            Number = number,
            Rows = rows,
            IgnoreIndex = ignoreIndex,
        }, 1, nameof(CrossEntropyScale));
    }
}
