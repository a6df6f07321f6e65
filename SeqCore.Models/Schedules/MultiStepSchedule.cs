namespace SeqCore.Models;

/// <summary>
/// A learning rate that decays at given steps: factor = decay^k, where k is the number of milestones up to the step. PyTorch's
/// MultiStepLR.
/// </summary>
public sealed class MultiStepSchedule : LearningRateSchedule
{
    private readonly long[] milestones;
    private readonly double decay;

    /// <summary>Makes a schedule that multiplies the rate by a factor at given steps.</summary>
    /// <param name="milestones">The steps, at least 0 and in ascending order; one that occurs twice decays twice.</param>
    /// <param name="decay">The factor of each decay, above 0; 0.1 by default.</param>
    public MultiStepSchedule(IEnumerable<long> milestones, double decay = 0.1)
    {
        ArgumentNullException.ThrowIfNull(milestones);
        this.milestones = [.. milestones];
        for (var i = 0; i < this.milestones.Length; i++)
        {
            Argument.AtLeast(this.milestones[i], nameof(MultiStepSchedule), nameof(milestones), 0);
            if (i > 0 && this.milestones[i] < this.milestones[i - 1])
                throw new ArgumentException($"{nameof(MultiStepSchedule)}: the milestones should ascend.", nameof(milestones));
        }

        this.decay = Argument.Positive(decay, nameof(MultiStepSchedule), nameof(decay));
    }

    /// <inheritdoc/>
    public override double Factor(long step)
    {
        Required(step);
        return Math.Pow(decay, milestones.Count(m => m <= step));
    }
}
