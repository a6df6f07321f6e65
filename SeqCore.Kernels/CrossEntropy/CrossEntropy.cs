namespace SeqCore.Kernels;

public abstract partial class Backend
{
    /// <summary>
    /// Forward: losses_r = u_r ((1 - s) w_target (lse_r - x_r,target) + s mean_k w_k (lse_r - x_rk)) and
    /// lse_r = log sum_k e^(x_rk); a row that is ignored or has weight u_r = 0 has loss 0, whatever its logits. Targets are
    /// checked before anything is written. With weights of classes it is PyTorch's formula: each class's share of the smoothing
    /// has the weight of that class.
    /// </summary>
    /// <exception cref="ArgumentException">A target is out of range; the message names its row and value.</exception>
    public void CrossEntropy(in CrossEntropyArguments arguments) =>
        CrossEntropy(nameof(CrossEntropy), CrossEntropyKind.Forward, arguments);

    /// <summary>
    /// Backward: dX_rk = scale_r u_r (e^(x_rk - lse_r) ((1 - s) w_target + s mean w) - (1 - s) w_target [k = target_r]
    /// - s w_k / classes), where scale_r is that of the row, or of all rows where there is one. A row that is ignored, or whose
    /// weight u_r or scale is 0, gives 0 whatever its logits.
    /// </summary>
    /// <exception cref="ArgumentException">A target is out of range; the message names its row and value.</exception>
    public void CrossEntropyGradient(in CrossEntropyArguments arguments) =>
        CrossEntropy(nameof(CrossEntropyGradient), CrossEntropyKind.Gradient, arguments);

    /// <summary>
    /// Forward and backward of the mean loss at once, reading the logits from memory only once: losses as in
    /// <see cref="CrossEntropy(in CrossEntropyArguments)"/>, and dLogits for a gradient of the one scale, or 1 where that is
    /// absent, on each row's loss.
    /// </summary>
    /// <exception cref="ArgumentException">A target is out of range; the message names its row and value.</exception>
    public void CrossEntropyWithGradient(in CrossEntropyArguments arguments) =>
        CrossEntropy(nameof(CrossEntropyWithGradient), CrossEntropyKind.Both, arguments);

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
    public void CrossEntropyScale(DeviceSpan<int> targets, CrossEntropyWeights weights, DeviceSpan<float> scale, int rows,
        int ignoreIndex)
    {
        RowChecks.Check(nameof(CrossEntropyScale), nameof(targets), targets, rows, 1);
        RowChecks.CheckOptional(nameof(CrossEntropyScale), nameof(weights), weights.Tokens, rows, 1);
        RowChecks.Check(nameof(CrossEntropyScale), nameof(scale), scale, 1, 1);
        RunCrossEntropyScale(targets, weights, scale, rows, ignoreIndex);
        KeepAlive((targets, weights, scale));
    }

    private void CrossEntropy(string operation, CrossEntropyKind kind, in CrossEntropyArguments arguments)
    {
        arguments.Check(operation, kind);
        RunCrossEntropy(operation, kind, arguments);
        KeepAlive(arguments);
    }

    private protected abstract void RunCrossEntropy(string operation, CrossEntropyKind kind, in CrossEntropyArguments arguments);

    private protected abstract void RunCrossEntropyScale(DeviceSpan<int> targets, CrossEntropyWeights weights,
        DeviceSpan<float> scale, int rows, int ignoreIndex);

    private protected static string MeanOfNothing(int ignoreIndex) =>
        $"CrossEntropy: the mean is over no token, because every target is the ignored index {ignoreIndex} or has weight 0."
            + " Leave such a batch out, or sum the losses.";

    private protected const string BadWeights =
        "CrossEntropy: there is no mean, because the weights of the tokens that count do not add up to a finite number above 0."
            + " Look for NaN, infinite or negative numbers in tokenWeights and classWeights, or sum the losses.";

    private protected static string BadTarget(string operation, int row, int target, int classes, int ignoreIndex) =>
        $"{operation}: the target of row {row} is {target};"
            + $" expected a class in [0, {classes}) or the ignored index {ignoreIndex}.";
}
