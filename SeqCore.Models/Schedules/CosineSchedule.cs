namespace SeqCore.Models;

/// <summary>
/// A learning rate that falls along half a cosine from 1 to m: factor = m + (1 - m) (1 + cos(pi t / n)) / 2 for t = min(step, n)
/// (Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts", arXiv:1608.03983, without the restarts).
/// </summary>
public sealed class CosineSchedule : LearningRateSchedule
{
    private readonly long steps;
    private readonly double minimum;

    /// <summary>Makes a schedule that falls along a cosine.</summary>
    /// <param name="steps">The number of steps n after which the factor is constant, at least 1.</param>
    /// <param name="minimum">The last factor, m, in [0, 1]; 0 by default.</param>
    public CosineSchedule(long steps, double minimum = 0)
    {
        Argument.AtLeast(steps, nameof(CosineSchedule), nameof(steps));
        Argument.NotNegative(minimum, nameof(CosineSchedule), nameof(minimum));
        Argument.AtMost(minimum, nameof(CosineSchedule), nameof(minimum), 1);
        (this.steps, this.minimum) = (steps, minimum);
    }

    /// <inheritdoc/>
    public override double Factor(long step)
    {
        Required(step);
        return minimum + ((1 - minimum) * (1 + Math.Cos(Math.PI * Math.Min(step, steps) / steps)) / 2);
    }
}
