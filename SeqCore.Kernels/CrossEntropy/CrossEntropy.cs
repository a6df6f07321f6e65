using SeqCore.Kernels.CrossEntropy;

namespace SeqCore.Kernels;

public abstract partial class Backend
{
    /// <summary>
    /// Forward: losses_r = u_r ((1 - s) w_target (lse_r - x_r,target) + s mean_k w_k (lse_r - x_rk)) and
    /// lse_r = log sum_k e^(x_rk); a row that is ignored or has weight u_r = 0 has loss 0, whatever its logits. Targets are
    /// checked before anything is written. With class weights this is PyTorch's formula: the smoothed probability of each class
    /// is weighted with that class's weight.
    /// </summary>
    /// <exception cref="ArgumentException">A target is out of range; the message names its row and value.</exception>
    public void CrossEntropy(in CrossEntropyArguments arguments) =>
        CrossEntropy(nameof(CrossEntropy), CrossEntropyKind.Forward, arguments);

    /// <summary>
    /// Backward: dX_rk = scale_r u_r (e^(x_rk - lse_r) ((1 - s) w_target + s mean w) - (1 - s) w_target [k = target_r]
    /// - s w_k / classes), where scale_r is the scale of the row, or the single scale of all rows. A row that is ignored, or
    /// whose weight u_r or scale is 0, has gradient 0, whatever its logits.
    /// </summary>
    /// <exception cref="ArgumentException">A target is out of range; the message names its row and value.</exception>
    public void CrossEntropyGradient(in CrossEntropyArguments arguments) =>
        CrossEntropy(nameof(CrossEntropyGradient), CrossEntropyKind.Gradient, arguments);

    /// <summary>
    /// Computes the mean loss and its gradient together, reading the logits from memory only once: losses as in
    /// <see cref="CrossEntropy(in CrossEntropyArguments)"/>, and dLogits for a gradient of each row's loss that is the single
    /// scale, or 1 if that is absent.
    /// </summary>
    /// <exception cref="ArgumentException">A target is out of range; the message names its row and value.</exception>
    public void CrossEntropyWithGradient(in CrossEntropyArguments arguments) =>
        CrossEntropy(nameof(CrossEntropy), CrossEntropyKind.Both, arguments);

    /// <summary>
    /// scale_0 = 1 / sum_r u_r w_target over the rows whose target is not the ignored index: the factor that turns a sum of
    /// losses into their mean. It stays on the device.
    /// </summary>
    /// <param name="targets">The target classes, shape (rows).</param>
    /// <param name="weights">The weights u of tokens and w of classes; absent weights are 1.</param>
    /// <param name="scale">Output: the scale, shape (1).</param>
    /// <param name="rows">The number of tokens.</param>
    /// <param name="ignoreIndex">The target of tokens that are ignored.</param>
    /// <exception cref="ArgumentException">
    /// There are no tokens; or all are ignored, or the sum of their weights is 0, negative, infinite or NaN, which a GPU reports
    /// when a value is next read.
    /// </exception>
    public void CrossEntropyScale(DeviceSpan<int> targets, CrossEntropyWeights weights, DeviceSpan<float> scale, int rows,
        int ignoreIndex)
    {
        RowChecks.Check(nameof(CrossEntropyScale), nameof(targets), targets, rows, 1);
        RowChecks.CheckOptional(nameof(CrossEntropyScale), nameof(weights), weights.Tokens, rows, 1);
        RowChecks.Check(nameof(CrossEntropyScale), nameof(scale), scale, 1, 1);
        if (rows == 0)
        {
            throw new ArgumentException("CrossEntropy: there is no mean, because there are no targets."
                + " Leave an empty batch out, or sum the losses.");
        }

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

    private protected static string MeanOfNothing(CrossEntropyWeights weights, int ignoreIndex)
    {
        var isIgnored = $"every target is the ignored index {ignoreIndex}";
        return "CrossEntropy: there is no mean, because "
            + (weights.Tokens.Length + weights.Classes.Length == 0
                ? isIgnored
                : $"the weights of the targets add up to 0: {isIgnored} or has weight 0, or negative weights cancel the others")
            + ". Leave such a batch out, or sum the losses.";
    }

    private protected const string BadWeights =
        "CrossEntropy: there is no mean, because the weights of the tokens that count do not add up to a finite number above 0."
            + " Look for NaN, infinite or negative numbers in tokenWeights and classWeights, or sum the losses.";

    private protected static string BadTarget(string operation, int row, int target, int classes, int ignoreIndex) =>
        $"{operation}: the target of row {row} is {target};"
            + $" expected a class in [0, {classes}) or the ignored index {ignoreIndex}.";
}
