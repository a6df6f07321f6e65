namespace SeqCore.Kernels;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void CrossEntropy(DeviceSpan<float> logits, DeviceSpan<int> targets, CrossEntropyWeights weights,
        DeviceSpan<float> losses, DeviceSpan<float> logSumExp, int rows, int classes, CrossEntropyOptions options) =>
        RunCrossEntropy(nameof(CrossEntropy), CrossEntropyKind.Forward, logits, targets, weights, losses, logSumExp, default,
            default, rows, classes, 1f, options);

    /// <inheritdoc/>
    public override void CrossEntropyGradient(DeviceSpan<float> logits, DeviceSpan<int> targets, CrossEntropyWeights weights,
        DeviceSpan<float> logSumExp, DeviceSpan<float> scales, DeviceSpan<float> dLogits, int rows, int classes,
        CrossEntropyOptions options) =>
        RunCrossEntropy(nameof(CrossEntropyGradient), CrossEntropyKind.Gradient, logits, targets, weights, default, logSumExp,
            scales, dLogits, rows, classes, 1f, options);

    /// <inheritdoc/>
    public override void CrossEntropyWithGradient(DeviceSpan<float> logits, DeviceSpan<int> targets, CrossEntropyWeights weights,
        DeviceSpan<float> losses, DeviceSpan<float> dLogits, DeviceSpan<float> scale, int rows, int classes,
        CrossEntropyOptions options)
    {
        RunCrossEntropy(nameof(CrossEntropyWithGradient), CrossEntropyKind.Both, logits, targets, weights, losses, default,
            default, dLogits, rows, classes, scale.IsAbsent ? 1f : scale.AsHostSpan()[0], options);
        GC.KeepAlive(scale.Buffer);
    }

    /// <inheritdoc/>
    public override void CrossEntropyScale(DeviceSpan<int> targets, CrossEntropyWeights weights, DeviceSpan<float> scale,
        int rows, int ignoreIndex)
    {
        CheckCrossEntropyScale(targets, weights, scale, rows);
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
            throw new ArgumentException(total == 0 ? MeanOfNothing(ignoreIndex) : BadWeights);
        scale.AsHostSpan()[0] = (float)(1 / total);
        GC.KeepAlive(targets.Buffer);
        GC.KeepAlive(weights.Tokens.Buffer);
        GC.KeepAlive(weights.Classes.Buffer);
        GC.KeepAlive(scale.Buffer);
    }

    private void RunCrossEntropy(string operation, CrossEntropyKind kind, DeviceSpan<float> logits, DeviceSpan<int> targets,
        CrossEntropyWeights weights, DeviceSpan<float> losses, DeviceSpan<float> logSumExp, DeviceSpan<float> scales,
        DeviceSpan<float> dLogits, int rows, int classes, float scale, CrossEntropyOptions options)
    {
        CheckCrossEntropy(operation, kind, logits, targets, weights, losses, logSumExp, scales, dLogits, rows, classes, options);
        CheckTargets(operation, targets.Pointer(), rows, classes, options.IgnoreIndex);
        ForRows(new CrossEntropyKernel
        {
            Kind = kind,
            Logits = logits.Pointer(),
            Targets = targets.Pointer(),
            Weights = weights.Tokens.Pointer(),
            ClassWeights = weights.Classes.Pointer(),
            MeanWeight = weights.MeanOfClasses.IsAbsent ? 1f : weights.MeanOfClasses.AsHostSpan()[0],
            Losses = losses.Pointer(),
            LogSumExp = logSumExp.Pointer(),
            Scales = scales.Pointer(),
            ScaleStride = scales.Length == 1 ? 0 : 1,
            Scale = scale,
            DLogits = dLogits.Pointer(),
            Classes = classes,
            Options = options,
        }, rows, classes);
        GC.KeepAlive(logits.Buffer);
        GC.KeepAlive(targets.Buffer);
        GC.KeepAlive(weights.Tokens.Buffer);
        GC.KeepAlive(weights.Classes.Buffer);
        GC.KeepAlive(losses.Buffer);
        GC.KeepAlive(logSumExp.Buffer);
        GC.KeepAlive(scales.Buffer);
        GC.KeepAlive(dLogits.Buffer);
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
