using ILGPU;

namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    /// <inheritdoc/>
    public override void CrossEntropy(DeviceSpan<float> logits, DeviceSpan<int> targets, CrossEntropyWeights weights,
        DeviceSpan<float> losses, DeviceSpan<float> logSumExp, int rows, int classes, CrossEntropyOptions options)
    {
        CheckCrossEntropy(nameof(CrossEntropy), CrossEntropyKind.Forward, logits, targets, weights, losses, logSumExp, default,
            default, rows, classes, options);
        RunCrossEntropy(nameof(CrossEntropy), logits, targets, weights, losses, logSumExp, default, default, rows,
            classes, options);
    }

    /// <inheritdoc/>
    public override void CrossEntropyGradient(DeviceSpan<float> logits, DeviceSpan<int> targets, CrossEntropyWeights weights,
        DeviceSpan<float> logSumExp, DeviceSpan<float> scales, DeviceSpan<float> dLogits, int rows, int classes,
        CrossEntropyOptions options)
    {
        CheckCrossEntropy(nameof(CrossEntropyGradient), CrossEntropyKind.Gradient, logits, targets, weights, default, logSumExp,
            scales, dLogits, rows, classes, options);
        var (notes, number) = WatchTargets(nameof(CrossEntropyGradient), classes, options.IgnoreIndex);
        LaunchRows(new CrossEntropyGradientGpuKernel
        {
            Logits = View(logits),
            Targets = View(targets),
            Weights = View(weights.Tokens),
            ClassWeights = View(weights.Classes),
            MeanWeight = View(weights.MeanOfClasses),
            LogSumExp = View(logSumExp),
            Scales = View(scales),
            DLogits = View(dLogits),
            Notes = notes,
            Number = number,
            Rows = rows,
            Classes = classes,
            Team = RowPlace.TeamFor(rows, classes),
            ScaleStride = scales.Length == 1 ? 0 : 1,
            IgnoreIndex = options.IgnoreIndex,
            Smoothing = options.LabelSmoothing,
        }, rows, Math.Max(1, classes), AreAlignedRows(classes, logits, dLogits, weights.Classes), nameof(CrossEntropyGradient));
    }

    /// <inheritdoc/>
    public override void CrossEntropyWithGradient(DeviceSpan<float> logits, DeviceSpan<int> targets, CrossEntropyWeights weights,
        DeviceSpan<float> losses, DeviceSpan<float> dLogits, DeviceSpan<float> scale, int rows, int classes,
        CrossEntropyOptions options)
    {
        CheckCrossEntropy(nameof(CrossEntropyWithGradient), CrossEntropyKind.Both, logits, targets, weights, losses, default,
            default, dLogits, rows, classes, options);
        RunCrossEntropy(nameof(CrossEntropyWithGradient), logits, targets, weights, losses, default, dLogits, scale,
            rows, classes, options);
    }

    private void RunCrossEntropy(string operation, DeviceSpan<float> logits, DeviceSpan<int> targets, CrossEntropyWeights weights,
        DeviceSpan<float> losses, DeviceSpan<float> logSumExp, DeviceSpan<float> dLogits, DeviceSpan<float> scale, int rows,
        int classes, CrossEntropyOptions options)
    {
        var (notes, number) = WatchTargets(operation, classes, options.IgnoreIndex);
        LaunchRows(new CrossEntropyGpuKernel
        {
            Logits = View(logits),
            Targets = View(targets),
            Weights = View(weights.Tokens),
            ClassWeights = View(weights.Classes),
            MeanWeight = View(weights.MeanOfClasses),
            Losses = View(losses),
            LogSumExp = View(logSumExp),
            DLogits = View(dLogits),
            Notes = notes,
            Number = number,
            Rows = rows,
            Classes = classes,
            Team = RowPlace.TeamFor(rows, classes),
            IgnoreIndex = options.IgnoreIndex,
            Smoothing = options.LabelSmoothing,
            Scale = View(scale),
        }, rows, Math.Max(1, classes), AreAlignedRows(classes, logits, dLogits, weights.Classes), operation);
    }

    private (ArrayView<int> Notes, int Number) WatchTargets(string operation, int classes, int ignoreIndex) =>
        problems.Watch((row, target) => BadTarget(operation, row, target, classes, ignoreIndex));
}
