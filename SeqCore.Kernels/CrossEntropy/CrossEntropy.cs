namespace SeqCore.Kernels;

/// <summary>
/// Options of the softmax cross-entropy, as in PyTorch's cross_entropy; its default value has PyTorch's defaults.
/// </summary>
public readonly record struct CrossEntropyOptions
{
    private const int DefaultIgnoreIndex = -100;
    private readonly int aboveDefault;

    /// <summary>Options with the given values.</summary>
    /// <param name="IgnoreIndex">Rows with this target count neither in the loss nor in the mean.</param>
    /// <param name="LabelSmoothing">Share of the target's probability spread over all classes, in [0, 1).</param>
    public CrossEntropyOptions(int IgnoreIndex = DefaultIgnoreIndex, float LabelSmoothing = 0f)
    {
        this.IgnoreIndex = IgnoreIndex;
        this.LabelSmoothing = LabelSmoothing;
    }

    /// <summary>Rows with this target count neither in the loss nor in the mean.</summary>
    public int IgnoreIndex
    {
        // Kept as a distance from the default, so that a struct of zeros does not ignore class 0.
        get => unchecked(aboveDefault + DefaultIgnoreIndex);
        init => aboveDefault = unchecked(value - DefaultIgnoreIndex);
    }

    /// <summary>Share of the target's probability spread over all classes, in [0, 1).</summary>
    public float LabelSmoothing { get; init; }
}

public abstract partial class Backend
{
    /// <summary>
    /// Forward: losses_r = u_r ((1 - s) w_target (lse_r - x_r,target) + s mean_k w_k (lse_r - x_rk)) and
    /// lse_r = log sum_k e^(x_rk); a row that is ignored or has weight u_r = 0 has loss 0, whatever its logits. Targets are
    /// checked before anything is written. With weights of classes it is PyTorch's formula: each class's share of the smoothing
    /// has the weight of that class.
    /// </summary>
    /// <param name="logits">Shape (rows, classes).</param>
    /// <param name="targets">Shape (rows): a class in [0, classes) or the ignored index.</param>
    /// <param name="weights">u of tokens and w of classes; what is absent is 1.</param>
    /// <param name="losses">Shape (rows): out.</param>
    /// <param name="logSumExp">Shape (rows): out, kept for the gradient.</param>
    /// <param name="rows">Tokens.</param>
    /// <param name="classes">Classes.</param>
    /// <param name="options">Ignored index and label smoothing.</param>
    /// <exception cref="ArgumentException">A target is out of range; the message names its row and value.</exception>
    public abstract void CrossEntropy(DeviceSpan<float> logits, DeviceSpan<int> targets, CrossEntropyWeights weights,
        DeviceSpan<float> losses, DeviceSpan<float> logSumExp, int rows, int classes, CrossEntropyOptions options);

    /// <summary>
    /// Backward: dX_rk = scale_r u_r (e^(x_rk - lse_r) ((1 - s) w_target + s mean w) - (1 - s) w_target [k = target_r]
    /// - s w_k / classes), where scale_r is <paramref name="scales"/>[r], or <paramref name="scales"/>[0] where it has one
    /// element. A row that is ignored, or whose weight u_r or scale is 0, gives 0 whatever its logits. dLogits may be the logits.
    /// </summary>
    public abstract void CrossEntropyGradient(DeviceSpan<float> logits, DeviceSpan<int> targets, CrossEntropyWeights weights,
        DeviceSpan<float> logSumExp, DeviceSpan<float> scales, DeviceSpan<float> dLogits, int rows, int classes,
        CrossEntropyOptions options);

    /// <summary>
    /// Forward and backward of the mean loss at once, reading the logits from memory only once: losses as in
    /// <see cref="CrossEntropy"/>, and dLogits for a gradient of <paramref name="scale"/>[0], or 1 where that is absent, on each
    /// row's loss. dLogits may be the logits.
    /// </summary>
    public abstract void CrossEntropyWithGradient(DeviceSpan<float> logits, DeviceSpan<int> targets, CrossEntropyWeights weights,
        DeviceSpan<float> losses, DeviceSpan<float> dLogits, DeviceSpan<float> scale, int rows, int classes,
        CrossEntropyOptions options);

    /// <summary>
    /// scale_0 = 1 / sum_r u_r w_target over the rows whose target is not the ignored index: what makes a sum of losses their
    /// mean. It stays on the device.
    /// </summary>
    /// <param name="targets">Shape (rows).</param>
    /// <param name="weights">u of tokens and w of classes; what is absent is 1.</param>
    /// <param name="scale">Shape (1): out.</param>
    /// <param name="rows">Tokens.</param>
    /// <param name="ignoreIndex">The target of tokens that do not count.</param>
    /// <exception cref="ArgumentException">
    /// No token counts, or the weights add up to less than 0, infinity or NaN; a GPU says so when a value is read next.
    /// </exception>
    public abstract void CrossEntropyScale(DeviceSpan<int> targets, CrossEntropyWeights weights, DeviceSpan<float> scale,
        int rows, int ignoreIndex);

    private protected static void CheckCrossEntropyScale(DeviceSpan<int> targets, CrossEntropyWeights weights,
        DeviceSpan<float> scale, int rows)
    {
        Rows.Check(nameof(CrossEntropyScale), nameof(targets), targets, rows, 1);
        Rows.CheckOptional(nameof(CrossEntropyScale), nameof(weights), weights.Tokens, rows, 1);
        Rows.Check(nameof(CrossEntropyScale), nameof(scale), scale, 1, 1);
    }

    private protected static string MeanOfNothing(int ignoreIndex) =>
        $"CrossEntropy: the mean is over no token, because every target is the ignored index {ignoreIndex} or has weight 0."
            + " Leave such a batch out, or sum the losses.";

    private protected const string BadWeights =
        "CrossEntropy: there is no mean, because the weights of the tokens that count do not add up to a finite number above 0."
            + " Look for NaN, infinite or negative numbers in tokenWeights and classWeights, or sum the losses.";

    /// <summary>The checks of all three, but for the targets' values; what an operation does not take is absent.</summary>
    private protected static void CheckCrossEntropy(string operation, CrossEntropyKind kind, DeviceSpan<float> logits,
        DeviceSpan<int> targets, CrossEntropyWeights weights, DeviceSpan<float> losses, DeviceSpan<float> logSumExp,
        DeviceSpan<float> scales, DeviceSpan<float> dLogits, int rows, int classes, CrossEntropyOptions options)
    {
        if (kind != CrossEntropyKind.Gradient)
            Rows.Check(operation, nameof(losses), losses, rows, 1);
        if (kind != CrossEntropyKind.Both)
            Rows.Check(operation, nameof(logSumExp), logSumExp, rows, 1);
        if (kind == CrossEntropyKind.Gradient)
            Rows.Check(operation, nameof(scales), scales, scales.Length == 1 ? 1 : rows, 1);
        if (kind != CrossEntropyKind.Forward)
            Rows.Check(operation, nameof(dLogits), dLogits, rows, classes);
        Rows.Check(operation, nameof(logits), logits, rows, classes);
        Rows.Check(operation, nameof(targets), targets, rows, 1);
        Rows.CheckOptional(operation, nameof(weights), weights.Tokens, rows, 1);
        Rows.CheckOptional(operation, nameof(weights.Classes), weights.Classes, 1, classes);
        if (!weights.Classes.IsAbsent && options.LabelSmoothing > 0f)
            Rows.Check(operation, nameof(weights.MeanOfClasses), weights.MeanOfClasses, 1, 1);
        if (!(options.LabelSmoothing >= 0f && options.LabelSmoothing < 1f))
            throw new ArgumentException($"{operation}: label smoothing should be in [0, 1); got {options.LabelSmoothing}.");
    }

    private protected static string BadTarget(string operation, int row, int target, int classes, int ignoreIndex) =>
        $"{operation}: the target of row {row} is {target};"
            + $" expected a class in [0, {classes}) or the ignored index {ignoreIndex}.";
}
