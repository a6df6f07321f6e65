namespace SeqCore.Models;

/// <summary>
/// A learning rate that falls along half a cosine from 1 to m again and again, in cycles whose lengths n, n k, n k^2, ... grow:
/// factor = m + (1 - m) (1 + cos(pi t / T)) / 2 at step t of a cycle of T steps (Loshchilov and Hutter, "SGDR: stochastic
/// gradient descent with warm restarts", arXiv:1608.03983, equation 5). PyTorch's CosineAnnealingWarmRestarts.
/// </summary>
public sealed class CosineRestartsSchedule : LearningRateSchedule
{
    private readonly long steps;
    private readonly int growth;
    private readonly double minimum;

    /// <summary>Makes a schedule that falls along a cosine and restarts.</summary>
    /// <param name="steps">The number of steps n of the first cycle, at least 1; PyTorch's <c>T_0</c>.</param>
    /// <param name="growth">The factor k by which each cycle is longer than the one before, at least 1; 1 by default.</param>
    /// <param name="minimum">The limit m of the factor at the end of a cycle, in [0, 1]; 0 by default.</param>
    public CosineRestartsSchedule(long steps, int growth = 1, double minimum = 0)
    {
        this.steps = Argument.AtLeast(steps, nameof(CosineRestartsSchedule), nameof(steps));
        this.growth = Argument.AtLeast(growth, nameof(CosineRestartsSchedule), nameof(growth));
        Argument.NotNegative(minimum, nameof(CosineRestartsSchedule), nameof(minimum));
        this.minimum = Argument.AtMost(minimum, nameof(CosineRestartsSchedule), nameof(minimum), 1);
    }

    /// <inheritdoc/>
    public override double Factor(long step)
    {
        var length = steps;
        Required(step);
        if (growth == 1)
            step %= length;
        while (step >= length)
        {
            step -= length;
            length = length > long.MaxValue / growth ? long.MaxValue : length * growth;
        }

        return minimum + ((1 - minimum) * (1 + Math.Cos(Math.PI * step / length)) / 2);
    }
}
