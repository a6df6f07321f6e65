using SeqCore.Kernels.CrossEntropy;

namespace SeqCore.Kernels;

public sealed unsafe partial class CpuBackend
{
    private protected override void RunCrossEntropy(string operation, CrossEntropyKind kind, in CrossEntropyArguments a)
    {
        CheckTargets(operation, a.Targets.Pointer(), a.Rows, a.Classes, a.Options.IgnoreIndex);
        ForRows(new CrossEntropyKernel
        {
            Kind = kind,
            Logits = a.Logits.Pointer(),
            Targets = a.Targets.Pointer(),
            Weights = a.Weights.Tokens.Pointer(),
            ClassWeights = a.Weights.Classes.Pointer(),
            MeanWeight = a.Weights.MeanOfClasses.IsAbsent ? 1f : a.Weights.MeanOfClasses.AsHostSpan()[0],
            Losses = a.Losses.Pointer(),
            LogSumExp = a.LogSumExp.Pointer(),
            Scales = a.Scales.Pointer(),
            ScaleStride = a.Scales.Length == 1 ? 0 : 1,
            Scale = kind != CrossEntropyKind.Both || a.Scales.IsAbsent ? 1f : a.Scales.AsHostSpan()[0],
            DLogits = a.DLogits.Pointer(),
            Classes = a.Classes,
            Options = a.Options,
        }, a.Rows, a.Classes);
    }

    private protected override void RunCrossEntropyScale(DeviceSpan<int> targets, CrossEntropyWeights weights,
        DeviceSpan<float> scale, int rows, int ignoreIndex)
    {
        int* t = targets.Pointer();
        float* u = weights.Tokens.Pointer(), w = weights.Classes.Pointer();
        if (w != null)
            CheckTargets(nameof(CrossEntropyScale), t, rows, weights.Classes.Length, ignoreIndex);
        var total = 0.0;
        for (var r = 0; r < rows; r++)
        {
            if (t[r] != ignoreIndex)
                total += (u == null ? 1.0 : u[r]) * (w == null ? 1.0 : w[t[r]]);
        }

        if (!(total > 0 && double.IsFinite(total)))
            throw new ArgumentException(total == 0 ? MeanOfNothing(weights, ignoreIndex) : BadWeights);
        scale.AsHostSpan()[0] = (float)(1 / total);
    }

    private static void CheckTargets(string operation, int* targets, int rows, int classes, int ignoreIndex)
    {
        for (var r = 0; r < rows; r++)
        {
            if ((uint)targets[r] >= (uint)classes && targets[r] != ignoreIndex)
                throw new ArgumentException(BadTarget(operation, r, targets[r], classes, ignoreIndex));
        }
    }
}
