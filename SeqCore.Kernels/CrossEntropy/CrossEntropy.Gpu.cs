using ILGPU;
using SeqCore.Kernels.CrossEntropy;

namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    private protected override void RunCrossEntropy(string operation, CrossEntropyKind kind, in CrossEntropyArguments a)
    {
        var (notes, number) = WatchTargets(operation, a.Classes, a.Options.IgnoreIndex);
        var isAligned = AreAlignedRows(a.Classes, a.Logits, a.DLogits, a.Weights.Classes);
        if (kind == CrossEntropyKind.Gradient)
        {
            LaunchRows(new CrossEntropyGradientGpuKernel
            {
                Logits = View(a.Logits),
                Targets = View(a.Targets),
                Weights = View(a.Weights.Tokens),
                ClassWeights = View(a.Weights.Classes),
                MeanWeight = View(a.Weights.MeanOfClasses),
                LogSumExp = View(a.LogSumExp),
                DLogits = View(a.DLogits),
                Notes = notes,
                Number = number,
                Rows = a.Rows,
                Classes = a.Classes,
                Team = RowPlace.TeamFor(a.Rows, a.Classes),
                IgnoreIndex = a.Options.IgnoreIndex,
                Smoothing = a.Options.LabelSmoothing,
                Scales = View(a.Scales),
                ScaleStride = a.Scales.Length == 1 ? 0 : 1,
            }, a.Rows, Math.Max(1, a.Classes), isAligned, operation);
        }
        else
        {
            var isForward = kind == CrossEntropyKind.Forward;
            LaunchRows(new CrossEntropyGpuKernel
            {
                Logits = View(a.Logits),
                Targets = View(a.Targets),
                Weights = View(a.Weights.Tokens),
                ClassWeights = View(a.Weights.Classes),
                MeanWeight = View(a.Weights.MeanOfClasses),
                LogSumExp = View(isForward ? a.LogSumExp : default),
                DLogits = View(isForward ? default : a.DLogits),
                Notes = notes,
                Number = number,
                Rows = a.Rows,
                Classes = a.Classes,
                Team = RowPlace.TeamFor(a.Rows, a.Classes),
                IgnoreIndex = a.Options.IgnoreIndex,
                Smoothing = a.Options.LabelSmoothing,
                Losses = View(a.Losses),
                Scale = View(isForward ? default : a.Scales),
            }, a.Rows, Math.Max(1, a.Classes), isAligned, operation);
        }
    }

    private (ArrayView<int> Notes, int Number) WatchTargets(string operation, int classes, int ignoreIndex) =>
        problems.Watch((row, target) => BadTarget(operation, row, target, classes, ignoreIndex));
}
