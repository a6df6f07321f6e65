using System.Text.Json.Serialization;

namespace SeqCore.Models;

/// <summary>The channels of a series, and the time of the step after its last one.</summary>
/// <param name="Channels">The names of the channels.</param>
/// <param name="Next">The time of the next step; null if the steps have no time.</param>
/// <param name="Ticks">The interval if it is a fixed duration, in ticks of 100 ns; else 0.</param>
/// <param name="Months">The interval if it is a number of months; else 0.</param>
public sealed record ForecastFrame(IReadOnlyList<string> Channels, DateTime? Next, long Ticks, int Months)
{
    /// <summary>The day of the month of steps of months (<see cref="SamplingInterval.Day"/>); else 0.</summary>
    public int Day { get; init; }

    /// <summary>The interval; null if the steps have no time.</summary>
    [JsonIgnore]
    public SamplingInterval? Interval => Months > 0 ? SamplingInterval.OfMonths(Months, Day)
        : Ticks > 0 ? SamplingInterval.Of(TimeSpan.FromTicks(Ticks)) : null;

    /// <summary>Returns the frame after a series.</summary>
    internal static ForecastFrame After(TimeSeries series) => At(series.Channels, series.Start, series.Interval)
        .Behind(series.Length);

    /// <summary>Returns the frame of a series whose next step has a time.</summary>
    internal static ForecastFrame At(IReadOnlyList<string> channels, DateTime? next, SamplingInterval? interval) =>
        new(channels, next, interval?.Duration.Ticks ?? 0, interval?.Months ?? 0) { Day = interval?.Day ?? 0 };

    /// <summary>Returns the frame a number of steps later.</summary>
    /// <exception cref="DataSourceException">That is after the year 9999.</exception>
    internal ForecastFrame Behind(int steps) =>
        this with { Next = Later(steps, "the step after the last one of the series is") };

    /// <summary>Returns a series whose first step is the next one.</summary>
    /// <param name="values">The values of all channels but some.</param>
    /// <param name="omitted">The names of the channels without values.</param>
    /// <exception cref="DataSourceException">Its last step is after the year 9999.</exception>
    internal TimeSeries Behind(float[] values, IReadOnlyList<string> omitted)
    {
        string[] kept = [.. Channels.Where(c => !omitted.Contains(c))];
        _ = Later((values.Length / kept.Length) - 1, "the last step of the forecast is");
        return new TimeSeries(values, kept, Next, Interval);
    }

    /// <summary>Requires that the first step of a series is the next one.</summary>
    internal void RequireNext(TimeSeries later) => RequireNext(later, Channels);

    /// <summary>Requires that the first step of a series of other channels is the next one.</summary>
    internal void RequireNext(TimeSeries later, IReadOnlyList<string> channels) =>
        TimeSeries.RequireFollows(channels, Interval, Next, later);

    private DateTime? Later(int steps, string what) => Next is { } next && Interval is { } interval
        ? interval.TryAdd(next, steps) ?? throw new DataSourceException($"With steps of {interval} from {next:yyyy-MM-dd}, {what}"
            + " after the year 9999, and no time is later. Use earlier times, fewer steps, or a series without times.")
        : null;
}
