namespace SeqCore.Models;

/// <summary>factor = start + (end - start) min(step, n) / n</summary>
public sealed class LinearSchedule : LearningRateSchedule
{
    private readonly long steps;
    private readonly double start;
    private readonly double end;

    /// <summary>Goes straight from one factor to another.</summary>
    /// <param name="steps">n, after which the factor stays; at least 1.</param>
    /// <param name="start">The first factor, at least 0.</param>
    /// <param name="end">The last factor, at least 0.</param>
    public LinearSchedule(long steps, double start = 1, double end = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(end);
        (this.steps, this.start, this.end) = (steps, start, end);
    }

    /// <inheritdoc/>
    public override double Factor(long step) => start + ((end - start) * Math.Min(step, steps) / steps);
}
