namespace SeqCore.Models;

/// <summary>The average of a <see cref="SmoothingDetector"/>, its scores and its alarms.</summary>
public sealed record SmoothingDetectorOptions
{
    /// <summary>
    /// The weight of the newest value in the average, in (0, 1]; 1, the default, expects each value to be the one before.
    /// </summary>
    public double Smoothing { get; init; } = 1;

    /// <summary>How errors become scores.</summary>
    public LikelihoodOptions Likelihood { get; init; } = new();

    /// <summary>When it gives an alarm.</summary>
    public AlarmOptions Alarm { get; init; } = new();

    internal void Check(string owner)
    {
        if (!(Smoothing > 0 && Smoothing <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(Smoothing), Smoothing,
                $"{owner}: {nameof(Smoothing)} should be in (0, 1].");
        }
    }
}
