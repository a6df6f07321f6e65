namespace SeqCore.Models;

/// <summary>The channels of a series, and the time of the step behind its last one.</summary>
/// <param name="Channels">The names of the channels.</param>
/// <param name="Next">The time of the next step; null if the steps have no time.</param>
/// <param name="Ticks">The interval if it is a fixed duration, in ticks of 100 ns; else 0.</param>
/// <param name="Months">The interval if it is a number of months; else 0.</param>
public sealed record ForecastFrame(IReadOnlyList<string> Channels, DateTime? Next, long Ticks, int Months)
{
    internal SamplingInterval? Interval => Months > 0 ? SamplingInterval.OfMonths(Months)
        : Ticks > 0 ? SamplingInterval.Of(TimeSpan.FromTicks(Ticks)) : null;

    internal static ForecastFrame After(TimeSeries series) => new(series.Channels,
        series.Start is null ? null : series.TimeAt(series.Length), series.Interval?.Duration.Ticks ?? 0,
        series.Interval?.Months ?? 0);

    /// <summary>Returns a series whose first step is the next one.</summary>
    /// <param name="values">The values of all channels but some.</param>
    /// <param name="omitted">The names of the channels without values.</param>
    internal TimeSeries Behind(float[] values, IReadOnlyList<string> omitted) =>
        new(values, [.. Channels.Where(c => !omitted.Contains(c))], Next, Interval);

    /// <summary>Requires that the first step of a series is the next one.</summary>
    internal void RequireNext(TimeSeries later) => RequireNext(later, Channels);

    /// <summary>Requires that the first step of a series of other channels is the next one.</summary>
    internal void RequireNext(TimeSeries later, IReadOnlyList<string> channels) =>
        TimeSeries.RequireFollows(channels, Interval, Next, later);
}
