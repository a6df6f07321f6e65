namespace SeqCore.Models;

/// <summary>
/// A learning rate that rises linearly and then follows another schedule from its step 0: factor = start + (1 - start) step / n
/// while step is below n. Without a start it is (step + 1) / (n + 1), as in nanoGPT: no step is lost to a rate of 0.
/// </summary>
public sealed class WarmUpSchedule : LearningRateSchedule
{
    private readonly long steps;
    private readonly LearningRateSchedule then;
    private readonly double start;

    /// <summary>Makes a schedule that rises linearly and then follows another one.</summary>
    /// <param name="steps">The number of steps of the rise, n; 0 for none.</param>
    /// <param name="then">The schedule that follows; null for a constant one.</param>
    /// <param name="start">
    /// The first factor, in [0, 1]; null for 1 / (n + 1). PyTorch's LinearLR has 1/3 by default, and refuses 0.
    /// </param>
    public WarmUpSchedule(long steps, LearningRateSchedule? then = null, double? start = null)
    {
        Argument.AtLeast(steps, nameof(WarmUpSchedule), nameof(steps), 0);
        var first = start ?? 1 / (steps + 1.0);
        Argument.NotNegative(first, nameof(WarmUpSchedule), nameof(start));
        Argument.AtMost(first, nameof(WarmUpSchedule), nameof(start), 1);
        (this.steps, this.then, this.start) = (steps, then ?? new ConstantSchedule(), first);
    }

    /// <inheritdoc/>
    public override EvaluationGoal? ObservedGoal => then.ObservedGoal;

    /// <inheritdoc/>
    public override double Factor(long step) =>
        Required(step) < steps ? start + ((1 - start) * step / steps) : then.Factor(step - steps);

    /// <inheritdoc/>
    public override void Observe(double metric) => then.Observe(metric);

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> StateDictionary() => then.StateDictionary();

    /// <inheritdoc/>
    public override void LoadStateDictionary(IReadOnlyDictionary<string, double> state) => then.LoadStateDictionary(state);
}
