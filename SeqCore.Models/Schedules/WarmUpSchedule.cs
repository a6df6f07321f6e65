namespace SeqCore.Models;

/// <summary>factor = start + (1 - start) step / n while step is below n; then another schedule, from its own step 0.</summary>
public sealed class WarmUpSchedule : LearningRateSchedule
{
    private readonly long steps;
    private readonly LearningRateSchedule then;
    private readonly double start;

    /// <summary>Rises in a straight line, then follows another schedule.</summary>
    /// <param name="steps">n, steps of the rise; 0 leaves it out.</param>
    /// <param name="then">What follows; a constant if left out.</param>
    /// <param name="start">The first factor, in [0, 1].</param>
    public WarmUpSchedule(long steps, LearningRateSchedule? then = null, double start = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, 1);
        (this.steps, this.then, this.start) = (steps, then ?? new ConstantSchedule(), start);
    }

    /// <inheritdoc/>
    public override double Factor(long step) =>
        step < steps ? start + ((1 - start) * step / steps) : then.Factor(step - steps);

    /// <inheritdoc/>
    public override void Observe(double metric) => then.Observe(metric);

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> StateDictionary() => then.StateDictionary();

    /// <inheritdoc/>
    public override void LoadStateDictionary(IReadOnlyDictionary<string, double> state) => then.LoadStateDictionary(state);
}
