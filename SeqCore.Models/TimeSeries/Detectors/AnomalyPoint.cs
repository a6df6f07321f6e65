namespace SeqCore.Models;

/// <summary>What a detector says of one point.</summary>
/// <param name="Score">
/// How unusual the point is, in standard deviations above what is usual; 0 where the detector cannot judge it.
/// </param>
/// <param name="Error">
/// How far the point is from what was expected, in units of the detector; NaN where it cannot judge it.
/// </param>
/// <param name="IsPeak">
/// Whether the score is above all those of the last <see cref="AlarmOptions.QuietSteps"/> steps: others give no alarm.
/// </param>
/// <param name="IsAnomaly">Whether it gives an alarm: a peak at or above the threshold.</param>
public readonly record struct AnomalyPoint(double Score, double Error, bool IsPeak, bool IsAnomaly)
{
    /// <summary>
    /// The channel with the largest part in the score, from 0: the one that is furthest from what was expected, in the units
    /// of the detector. -1 where it cannot judge the point.
    /// </summary>
    public int Channel { get; init; }

    /// <summary>
    /// The anomaly likelihood in [0, 1]: 1 - Q(score), where Q is the upper tail of the normal distribution (Lavin and Ahmad,
    /// "Evaluating real-time anomaly detection algorithms: the Numenta Anomaly Benchmark", arXiv:1510.03336).
    /// </summary>
    public double Likelihood => 1 - NormalTail.Above(Score);
}
