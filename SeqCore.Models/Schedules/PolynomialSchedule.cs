namespace SeqCore.Models;

/// <summary>
/// A learning rate that falls to 0 with a power of the steps that are left: factor = (1 - min(step, n) / n)^power. PyTorch's
/// PolynomialLR.
/// </summary>
public sealed class PolynomialSchedule : LearningRateSchedule
{
    private readonly long steps;
    private readonly double power;

    /// <summary>Makes a schedule that falls to 0.</summary>
    /// <param name="steps">The number of steps n after which the factor is 0, at least 1.</param>
    /// <param name="power">The exponent, above 0; 1, the default, for a line.</param>
    public PolynomialSchedule(long steps, double power = 1)
    {
        this.steps = Argument.AtLeast(steps, nameof(PolynomialSchedule), nameof(steps));
        this.power = Argument.Positive(power, nameof(PolynomialSchedule), nameof(power));
    }

    /// <inheritdoc/>
    public override double Factor(long step) => Math.Pow(1 - ((double)Math.Min(Required(step), steps) / steps), power);
}
