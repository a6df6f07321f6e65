namespace SeqCore.Models;

/// <summary>
/// A learning rate that falls with the square root of the step and never ends: factor = sqrt(n / (n + step)). After a warm-up of
/// n steps, <c>new WarmUpSchedule(n, new InverseSquareRootSchedule(n))</c>, it is sqrt(n / t) at step t of the whole, as in
/// fairseq and transformers; <see cref="NoamSchedule"/> is the same with the paper's scale.
/// </summary>
public sealed class InverseSquareRootSchedule : LearningRateSchedule
{
    private readonly long timescale;

    /// <summary>Makes a schedule that falls with the square root of the step.</summary>
    /// <param name="timescale">
    /// The number of steps n, at least 1; after three times as many the factor is 1/2. Usually that of the warm-up before it.
    /// </param>
    public InverseSquareRootSchedule(long timescale) =>
        this.timescale = Argument.AtLeast(timescale, nameof(InverseSquareRootSchedule), nameof(timescale));

    /// <inheritdoc/>
    public override double Factor(long step) => Math.Sqrt(timescale / (timescale + (double)Required(step)));
}
