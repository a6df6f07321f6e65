namespace SeqCore.Models;

/// <summary>The window of a <see cref="WindowedGaussianDetector"/>, and its alarms.</summary>
public sealed record WindowedGaussianOptions
{
    /// <summary>The largest number of values in the window, at least 2; 6400 by default, as in the benchmark.</summary>
    public int Window { get; init; } = 6400;

    /// <summary>
    /// The number of values after which a full window moves on, from 1 to <see cref="Window"/>; 100 by default, as in the
    /// benchmark.
    /// </summary>
    public int Step { get; init; } = 100;

    /// <summary>When it gives an alarm.</summary>
    public AlarmOptions Alarm { get; init; } = new();

    internal void Check(string owner)
    {
        Argument.AtLeast(Window, owner, nameof(Window), 2);
        Argument.AtMost(Argument.AtLeast(Step, owner, nameof(Step)), owner, nameof(Step), Window);
    }
}
