namespace SeqCore.Models;

/// <summary>When a detector gives an alarm. The threshold is chosen from normal data alone.</summary>
public sealed record AlarmOptions
{
    /// <summary>
    /// The wanted number of false alarms for each point, above 0 and at most 0.1; 0.0001 by default, about one a week for a
    /// point every minute. <see cref="AlarmThreshold.RatePerWeek"/> computes it from false alarms a week.
    /// </summary>
    public double FalseAlarmRate { get; init; } = 0.0001;

    /// <summary>
    /// The number of steps for which a score silences lower ones, at least 0; 200 by default. One event then gives one alarm or
    /// few, and not one for each of its points.
    /// </summary>
    public int QuietSteps { get; init; } = 200;

    /// <summary>
    /// The part of the normal data, its last steps, that no network is trained on, and whose scores choose the threshold, in
    /// (0, 1); 0.2 by default.
    /// </summary>
    public double HeldOut { get; init; } = 0.2;

    internal void Check(string owner)
    {
        AlarmThreshold.CheckRate(FalseAlarmRate, owner, nameof(FalseAlarmRate));
        Argument.AtLeast(QuietSteps, owner, nameof(QuietSteps), 0);
        if (!(HeldOut > 0 && HeldOut < 1))
            throw new ArgumentOutOfRangeException(nameof(HeldOut), HeldOut, $"{owner}: {nameof(HeldOut)} should be in (0, 1).");
    }
}
