namespace SeqCore.Models;

/// <summary>A learning rate that decays at every step: factor = decay^step. PyTorch's ExponentialLR.</summary>
public sealed class ExponentialSchedule : LearningRateSchedule
{
    private readonly double decay;

    /// <summary>Makes a schedule that multiplies the rate by a factor at every step.</summary>
    /// <param name="decay">The factor of each decay, above 0.</param>
    public ExponentialSchedule(double decay) =>
        this.decay = Argument.Positive(decay, nameof(ExponentialSchedule), nameof(decay));

    /// <inheritdoc/>
    public override double Factor(long step) => Math.Pow(decay, Required(step));
}
