namespace SeqCore.Models;

/// <summary>A learning rate that changes linearly: factor = start + (end - start) min(step, n) / n.</summary>
public sealed class LinearSchedule : LearningRateSchedule
{
    private readonly long steps;
    private readonly double start;
    private readonly double end;

    /// <summary>Makes a schedule that changes linearly from one factor to another.</summary>
    /// <param name="steps">The number of steps n after which the factor is constant, at least 1.</param>
    /// <param name="start">The first factor, at least 0; 1 by default.</param>
    /// <param name="end">The last factor, at least 0; 0 by default.</param>
    public LinearSchedule(long steps, double start = 1, double end = 0)
    {
        Argument.AtLeast(steps, nameof(LinearSchedule), nameof(steps));
        Argument.NotNegative(start, nameof(LinearSchedule), nameof(start));
        Argument.NotNegative(end, nameof(LinearSchedule), nameof(end));
        (this.steps, this.start, this.end) = (steps, start, end);
    }

    /// <inheritdoc/>
    public override double Factor(long step) => start + ((end - start) * Math.Min(Required(step), steps) / steps);
}
