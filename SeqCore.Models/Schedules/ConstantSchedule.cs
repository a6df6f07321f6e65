namespace SeqCore.Models;

/// <summary>A constant learning rate: factor = 1.</summary>
public sealed class ConstantSchedule : LearningRateSchedule
{
    /// <inheritdoc/>
    public override double Factor(long step)
    {
        Required(step);
        return 1;
    }
}
