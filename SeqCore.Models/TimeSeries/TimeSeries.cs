using System.Globalization;

namespace SeqCore.Models;

/// <summary>
/// One or more channels of numbers at steps of equal distance in time. A value that is missing is NaN. The values do not change;
/// parts of a series share its memory.
/// </summary>
/// <example>
/// <code>
/// var series = new TimeSeries([20.5f, 21f, float.NaN, 23f], channels: ["temperature"],
///     new DateTime(2024, 7, 1), SamplingInterval.Of(TimeSpan.FromHours(1)));
/// Console.WriteLine(series.Gaps.Single().Steps);                              // step 2
/// Console.WriteLine(series.Fill(GapFilling.Linear)[step: 2, channel: 0]);     // 22
/// Console.WriteLine($"{series.TimeAt(3):HH:mm}");                             // 03:00
/// </code>
/// </example>
public sealed class TimeSeries
{
    private readonly ReadOnlyMemory<float> values;

    /// <summary>Makes a series.</summary>
    /// <param name="values">
    /// The values of all channels at step 0, then at step 1, and so on; NaN for missing ones. They are not copied, and should not
    /// be changed from then on.
    /// </param>
    /// <param name="channels">The names of the channels, at least one, all different; null for one channel "value".</param>
    /// <param name="start">The time of step 0; null for steps that only have numbers.</param>
    /// <param name="interval">
    /// The time between two steps; needed if there is a start. Months from a day after the 28th keep that day, so that parts of
    /// the series do too; <see cref="SamplingInterval.OfMonths"/> with day 31 are ends of months.
    /// </param>
    /// <exception cref="ArgumentException">
    /// There is no value, a value is infinite, the values do not fill all channels at each step, names are missing or repeated,
    /// only one of start and interval is given, or a step is outside of the years 1 to 9999.
    /// </exception>
    public TimeSeries(float[] values, IReadOnlyList<string>? channels = null, DateTime? start = null,
        SamplingInterval? interval = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        Channels = channels is null ? ["value"] : [.. Argument.NoNulls(channels, nameof(TimeSeries), nameof(channels))];
        if (Channels.Count == 0 || Channels.Distinct(StringComparer.Ordinal).Count() < Channels.Count)
        {
            throw new ArgumentException("TimeSeries: there should be at least one channel, and each should have a name of its"
                + $" own; got {string.Join(", ", Channels.Select(c => $"'{c}'"))}.", nameof(channels));
        }

        if (values.Length == 0 || values.Length % Channels.Count != 0)
        {
            throw new ArgumentException($"TimeSeries: {Counted.Of(values.Length, "value")} do not fill"
                + $" {Counted.Of(Channels.Count, "channel")} at one step or more.", nameof(values));
        }

        if ((start is null) != (interval is null))
        {
            throw new ArgumentException("TimeSeries: start and interval go together; give both, or neither.",
                start is null ? nameof(start) : nameof(interval));
        }

        if (interval is { Months: 0, Duration.Ticks: 0 })
            throw new ArgumentException("TimeSeries: the interval should be above zero.", nameof(interval));
        (this.values, Start, Length) = (values, start, values.Length / Channels.Count);
        Interval = start is { } first && interval is { } step ? RequireTimes(first, step, Length) : null;
        RequireFinite(values);
    }

    /// <summary>Makes a part, whose values have been checked.</summary>
    private TimeSeries(TimeSeries whole, StepRange steps)
    {
        (Channels, Interval, Length) = (whole.Channels, whole.Interval, steps.Length);
        Start = whole.Start is null ? null : whole.TimeAt(steps.Start);
        values = whole.values.Slice(steps.Start * ChannelCount, steps.Length * ChannelCount);
    }

    /// <summary>The names of the channels.</summary>
    public IReadOnlyList<string> Channels { get; }

    /// <summary>The number of channels, C.</summary>
    public int ChannelCount => Channels.Count;

    /// <summary>The number of steps, T, at least 1.</summary>
    public int Length { get; }

    /// <summary>The time of step 0; null if the steps have no time.</summary>
    public DateTime? Start { get; }

    /// <summary>The time between two steps; null if the steps have no time.</summary>
    public SamplingInterval? Interval { get; }

    /// <summary>The values of all channels at step 0, then at step 1, and so on, T C in all; NaN where one is missing.</summary>
    public ReadOnlySpan<float> Values => values.Span;

    /// <summary>Runs of missing values, channel by channel.</summary>
    public IReadOnlyList<SeriesGap> Gaps
    {
        get
        {
            var gaps = new List<SeriesGap>();
            for (var channel = 0; channel < ChannelCount; channel++)
            {
                for (var step = 0; step < Length; step++)
                {
                    var first = step;
                    while (step < Length && float.IsNaN(this[step, channel]))
                        step++;
                    if (step > first)
                        gaps.Add(new SeriesGap(channel, new StepRange(first, step - first)));
                }
            }

            return gaps;
        }
    }

    /// <summary>Whether a value is missing.</summary>
    public bool HasGaps
    {
        get
        {
            foreach (var value in Values)
            {
                if (float.IsNaN(value))
                    return true;
            }

            return false;
        }
    }

    /// <summary>The value of a channel at a step; NaN if it is missing.</summary>
    /// <param name="step">The step, from 0.</param>
    /// <param name="channel">The index of the channel, from 0.</param>
    public float this[int step, int channel]
    {
        get
        {
            if ((uint)channel >= (uint)ChannelCount)
            {
                throw new ArgumentOutOfRangeException(nameof(channel), channel,
                    $"TimeSeries: there are {Counted.Of(ChannelCount, "channel")}, from 0.");
            }

            return (uint)step < (uint)Length
                ? values.Span[(step * ChannelCount) + channel]
                : throw new ArgumentOutOfRangeException(nameof(step), step,
                    $"TimeSeries: there are {Counted.Of(Length, "step")}, from 0.");
        }
    }

    /// <summary>Returns the time of a step, which may be before the first or after the last one.</summary>
    /// <param name="step">The step, from 0.</param>
    /// <exception cref="InvalidOperationException">The steps have no time.</exception>
    public DateTime TimeAt(int step) => Start is { } start && Interval is { } interval
        ? interval.Add(start, step)
        : throw new InvalidOperationException("TimeSeries: its steps have no time; give it a start and an interval.");

    /// <summary>Returns consecutive steps, which share the memory of this series.</summary>
    /// <param name="start">The first step.</param>
    /// <param name="length">The number of steps, at least 1.</param>
    public TimeSeries Slice(int start, int length)
    {
        if (start < 0 || length < 1 || start > Length - length)
        {
            throw new ArgumentOutOfRangeException(nameof(start), start,
                $"TimeSeries: {Counted.Of(length, "step")} from {start} are not within its {Length}.");
        }

        return new TimeSeries(this, new StepRange(start, length));
    }

    /// <summary>Returns some of the channels, in the order asked for.</summary>
    /// <param name="channels">The names of the channels, at least one.</param>
    /// <exception cref="ArgumentException">A name is none of a channel, or is repeated.</exception>
    public TimeSeries Select(params IReadOnlyList<string> channels)
    {
        int[] places = [.. Argument.NoNulls(channels, nameof(TimeSeries), nameof(channels)).Select(IndexOf)];
        var chosen = new float[Length * places.Length];
        for (var i = 0; i < chosen.Length; i++)
            chosen[i] = values.Span[(i / places.Length * ChannelCount) + places[i % places.Length]];
        return new TimeSeries(chosen, channels, Start, Interval);
    }

    /// <summary>Returns the values of one channel at all steps.</summary>
    /// <param name="channel">The index of the channel, from 0.</param>
    public float[] ChannelValues(int channel) => [.. Enumerable.Range(0, Length).Select(t => this[t, channel])];

    /// <summary>Returns the index of a channel.</summary>
    /// <exception cref="ArgumentException">There is no such channel.</exception>
    public int IndexOf(string channel)
    {
        ArgumentNullException.ThrowIfNull(channel);
        for (var i = 0; i < ChannelCount; i++)
        {
            if (Channels[i] == channel)
                return i;
        }

        throw new ArgumentException($"TimeSeries: there is no channel '{channel}'; there are"
            + $" {string.Join(", ", Channels.Select(c => $"'{c}'"))}.", nameof(channel));
    }

    /// <summary>Returns this series with the steps of another one after it.</summary>
    /// <param name="later">A series of the same channels and interval, whose first step follows the last one of this.</param>
    /// <exception cref="ArgumentException">Channels or times do not fit.</exception>
    public TimeSeries Append(TimeSeries later)
    {
        ArgumentNullException.ThrowIfNull(later);
        RequireFollows(Channels, Interval, Start is null ? null : TimeAt(Length), later);
        return new TimeSeries([.. Values, .. later.Values], Channels, Start, Interval);
    }

    /// <summary>Returns a series without missing values.</summary>
    /// <param name="rule">How missing values are replaced.</param>
    /// <param name="season">The number of steps of a season, at least 1, for <see cref="GapFilling.Seasonal"/>.</param>
    /// <exception cref="ArgumentException">A channel has no value at all, or the season is missing.</exception>
    public TimeSeries Fill(GapFilling rule, int season = 0) => Gaps is { Count: > 0 } gaps
        ? new TimeSeries(GapFiller.Fill(this, gaps, rule, season), Channels, Start, Interval)
        : this;

    /// <summary>Returns the values of consecutive steps.</summary>
    internal ReadOnlyMemory<float> Memory(int start, int length) => values.Slice(start * ChannelCount, length * ChannelCount);

    /// <summary>Requires that another series continues one.</summary>
    /// <param name="channels">The channels of the one.</param>
    /// <param name="interval">Its interval.</param>
    /// <param name="next">The time after its last step.</param>
    /// <param name="later">The other one.</param>
    internal static void RequireFollows(IReadOnlyList<string> channels, SamplingInterval? interval, DateTime? next,
        TimeSeries later)
    {
        if (!channels.SequenceEqual(later.Channels))
        {
            throw new ArgumentException($"TimeSeries: the channels are {string.Join(", ", channels)}, those of the later series"
                + $" {string.Join(", ", later.Channels)}.", nameof(later));
        }

        if ((next is null) != (later.Start is null))
            throw new ArgumentException("TimeSeries: either both series or neither should have times.", nameof(later));
        // One step on its own does not say on which day after the 28th others would be.
        var isSame = interval == later.Interval || (later.Length == 1 && interval is { Months: > 0 } monthly
            && monthly.Months == later.Interval?.Months);
        if (!isSame || next != later.Start)
        {
            throw new ArgumentException($"TimeSeries: the later series should start at {Shown(next)} with steps of {interval}; it"
                + $" starts at {Shown(later.Start)} with steps of {later.Interval}.", nameof(later));
        }
    }

    private static string Shown(DateTime? time) => time?.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "";

    /// <summary>Requires times for all steps, and returns the interval with the day of the month that steps keep.</summary>
    private static SamplingInterval RequireTimes(DateTime start, SamplingInterval interval, int length)
    {
        if (interval.Months > 0 && interval.TryAdd(start, 0) != start)
        {
            throw new ArgumentException($"TimeSeries: with steps of {interval}, the first one cannot be on"
                + $" {start:yyyy-MM-dd}.", nameof(start));
        }

        if (interval.TryAdd(start, length - 1) is null)
        {
            throw new ArgumentException($"TimeSeries: {Counted.Of(length, "step")} of {interval} from {start:yyyy-MM-dd} end"
                + " after the year 9999.", nameof(interval));
        }

        return start.Day > 28 && interval is { Months: > 0, Day: 0 }
            ? SamplingInterval.OfMonths(interval.Months, start.Day)
            : interval;
    }

    private void RequireFinite(ReadOnlySpan<float> all)
    {
        for (var i = 0; i < all.Length; i++)
        {
            if (float.IsInfinity(all[i]))
            {
                throw new ArgumentException($"TimeSeries: channel '{Channels[i % ChannelCount]}' is infinite at step"
                    + $" {i / ChannelCount}; a value that is missing should be NaN.", nameof(values));
            }
        }
    }
}
