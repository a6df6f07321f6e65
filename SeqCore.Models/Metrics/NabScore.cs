namespace SeqCore.Models;

/// <summary>The score of a series in the Numenta Anomaly Benchmark, before it is normalized.</summary>
/// <param name="Score">
/// The weighted sum over windows and false positives: at most the number of windows times the weight of a true positive.
/// </param>
/// <param name="Windows">The number of windows.</param>
/// <param name="DetectedWindows">The number of windows with at least one detection.</param>
/// <param name="TruePositives">The number of steps in windows with a detection.</param>
/// <param name="FalsePositives">The number of steps outside of windows with a detection.</param>
/// <param name="FalseNegatives">The number of steps in windows without a detection.</param>
/// <param name="TrueNegatives">The number of steps outside of windows without a detection.</param>
/// <param name="Profile">The weights of the score.</param>
public sealed record NabScore(double Score, int Windows, int DetectedWindows, int TruePositives, int FalsePositives,
    int FalseNegatives, int TrueNegatives, NabProfile Profile)
{
    /// <summary>
    /// Normalizes the sum of the scores of several series: 0 for a detector that detects nothing, 100 for one that detects each
    /// anomaly at the beginning of its window and nothing else (Lavin and Ahmad, "Evaluating real-time anomaly detection
    /// algorithms", arXiv:1510.03336).
    /// </summary>
    /// <param name="series">The scores of the series, of the same profile, with at least one window together.</param>
    /// <exception cref="ArgumentException">There is no window, or the profiles differ.</exception>
    public static double Normalize(IReadOnlyList<NabScore> series)
    {
        Argument.NoNulls(series, nameof(NabScore), nameof(series));
        var windows = series.Sum(s => s.Windows);
        if (windows == 0)
        {
            throw new ArgumentException("NabScore: there is no window in these series, so there is nothing to detect.",
                nameof(series));
        }

        var profile = series[0].Profile;
        if (series.Any(s => s.Profile != profile))
            throw new ArgumentException("NabScore: the scores to normalize should be of one profile.", nameof(series));
        var none = -profile.FalseNegative * windows;
        return 100 * (series.Sum(s => s.Score) - none) / ((profile.TruePositive * windows) - none);
    }
}
