namespace SeqCore.Models;

/// <summary>factor = decay^floor(step / every)</summary>
public sealed class StepDecaySchedule : LearningRateSchedule
{
    private readonly long every;
    private readonly double decay;

    /// <summary>Multiplies the rate by a factor now and then.</summary>
    /// <param name="every">Steps between two decays, at least 1.</param>
    /// <param name="decay">Factor of each, above 0.</param>
    public StepDecaySchedule(long every, double decay = 0.1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(every, 1);
        Argument.Positive(decay, nameof(StepDecaySchedule), nameof(decay));
        (this.every, this.decay) = (every, decay);
    }

    /// <inheritdoc/>
    public override double Factor(long step) => Math.Pow(decay, step / every);
}
