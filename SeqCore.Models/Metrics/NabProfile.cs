namespace SeqCore.Models;

/// <summary>
/// What detections and missed anomalies weigh in the score of the Numenta Anomaly Benchmark. The weights of the three profiles
/// are those of the benchmark's configuration.
/// </summary>
/// <param name="TruePositive">The weight of an anomaly that is detected at the very beginning of its window, above 0.</param>
/// <param name="FalsePositive">The weight of a detection far outside of all windows, at least 0.</param>
/// <param name="FalseNegative">The weight of a window without a detection, at least 0.</param>
public sealed record NabProfile(double TruePositive, double FalsePositive, double FalseNegative)
{
    /// <summary>The standard profile: 1, 0.11 and 1.</summary>
    public static NabProfile Standard { get; } = new(1, 0.11, 1);

    /// <summary>The profile that punishes false positives twice as much: 1, 0.22 and 1.</summary>
    public static NabProfile LowFalsePositives { get; } = new(1, 0.22, 1);

    /// <summary>The profile that punishes missed anomalies twice as much: 1, 0.11 and 2.</summary>
    public static NabProfile LowFalseNegatives { get; } = new(1, 0.11, 2);

    internal void Check()
    {
        Argument.Positive(TruePositive, nameof(NabProfile), nameof(TruePositive));
        Argument.NotNegative(FalsePositive, nameof(NabProfile), nameof(FalsePositive));
        Argument.NotNegative(FalseNegative, nameof(NabProfile), nameof(FalseNegative));
    }
}
