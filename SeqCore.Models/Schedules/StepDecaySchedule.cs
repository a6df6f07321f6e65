namespace SeqCore.Models;

/// <summary>A learning rate that decays at intervals: factor = decay^floor(step / every).</summary>
public sealed class StepDecaySchedule : LearningRateSchedule
{
    private readonly long every;
    private readonly double decay;

    /// <summary>Makes a schedule that multiplies the rate by a factor at intervals.</summary>
    /// <param name="every">The number of steps between two decays, at least 1.</param>
    /// <param name="decay">The factor of each decay, above 0; 0.1 by default.</param>
    public StepDecaySchedule(long every, double decay = 0.1)
    {
        Argument.AtLeast(every, nameof(StepDecaySchedule), nameof(every));
        Argument.Positive(decay, nameof(StepDecaySchedule), nameof(decay));
        (this.every, this.decay) = (every, decay);
    }

    /// <inheritdoc/>
    public override double Factor(long step) => Math.Pow(decay, Required(step) / every);
}
