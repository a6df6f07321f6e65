namespace SeqCore.Models;

/// <summary>
/// A learning rate that rises linearly for n steps and then falls with the square root of the step: factor = scale D^-0.5
/// min(t^-0.5, t n^-1.5) at step t = 1, 2, ... (Vaswani et al., "Attention is all you need", arXiv:1706.03762, section 5.3,
/// equation 3). With a base learning rate of 1 it is the paper's rate; its peak, at t = n, is scale / sqrt(D n).
/// </summary>
public sealed class NoamSchedule : LearningRateSchedule
{
    private readonly long warmUp;
    private readonly double scale;

    /// <summary>Makes a schedule that rises and then falls.</summary>
    /// <param name="modelSize">The width of the model, D, at least 1.</param>
    /// <param name="warmUp">The number of steps of the rise, n, at least 1; 4,000 by default, as in the paper.</param>
    /// <param name="scale">The factor of all rates, above 0; 1 by default, as in the paper.</param>
    public NoamSchedule(int modelSize, long warmUp = 4000, double scale = 1)
    {
        Argument.AtLeast(modelSize, nameof(NoamSchedule), nameof(modelSize));
        Argument.AtLeast(warmUp, nameof(NoamSchedule), nameof(warmUp));
        Argument.Positive(scale, nameof(NoamSchedule), nameof(scale));
        (this.warmUp, this.scale) = (warmUp, scale / Math.Sqrt(modelSize));
    }

    /// <inheritdoc/>
    public override double Factor(long step)
    {
        Required(step);
        var t = step + 1.0;
        return scale * Math.Min(1 / Math.Sqrt(t), t * Math.Pow(warmUp, -1.5));
    }
}
