namespace SeqCore.Models;

/// <summary>
/// A learning rate that rises from 1 / d to 1 in the first part of training and then falls to 1 / (d f) in the rest (Smith and
/// Topin, "Super-convergence", arXiv:1708.07120). PyTorch's OneCycleLR with two phases, whose <c>max_lr</c> is the optimizer's
/// rate here; momentum does not change.
/// </summary>
public sealed class OneCycleSchedule : LearningRateSchedule
{
    private readonly long steps;
    private readonly double peak;
    private readonly double first;
    private readonly double last;
    private readonly bool linear;

    /// <summary>Makes a schedule that rises and falls once.</summary>
    /// <param name="steps">The number of steps of the training, at least 1; the factor is constant after them.</param>
    /// <param name="rise">
    /// The part of the steps in which the rate rises, in [0, 1]; PyTorch's <c>pct_start</c>, 0.3 by default.
    /// </param>
    /// <param name="divisor">The divisor d of the first factor, above 0; PyTorch's <c>div_factor</c>, 25 by default.</param>
    /// <param name="finalDivisor">
    /// The further divisor f of the last factor, above 0; <c>final_div_factor</c>, 10,000 by default.
    /// </param>
    /// <param name="linear">Whether the rate changes along lines; otherwise along half a cosine each; false by default.</param>
    public OneCycleSchedule(long steps, double rise = 0.3, double divisor = 25, double finalDivisor = 1e4, bool linear = false)
    {
        this.steps = Argument.AtLeast(steps, nameof(OneCycleSchedule), nameof(steps));
        Argument.NotNegative(rise, nameof(OneCycleSchedule), nameof(rise));
        Argument.AtMost(rise, nameof(OneCycleSchedule), nameof(rise), 1);
        first = 1 / Argument.Positive(divisor, nameof(OneCycleSchedule), nameof(divisor));
        last = first / Argument.Positive(finalDivisor, nameof(OneCycleSchedule), nameof(finalDivisor));
        (peak, this.linear) = ((rise * steps) - 1, linear);
    }

    /// <inheritdoc/>
    public override double Factor(long step)
    {
        var end = steps - 1;
        step = Math.Min(Required(step), end);
        return step <= peak
            ? Between(first, 1, peak == 0 ? 1 : step / peak)
            : Between(1, last, end > peak ? (step - peak) / (end - peak) : 1);
    }

    private double Between(double from, double to, double part) =>
        linear ? from + ((to - from) * part) : to + ((from - to) / 2 * (1 + Math.Cos(Math.PI * part)));
}
