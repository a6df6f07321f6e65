using System.Globalization;

namespace SeqCore.Models;

/// <summary>
/// The time between two steps of a series: a fixed duration such as an hour or a week, or a number of calendar months.
/// </summary>
/// <example>
/// <code>
/// var monthly = SamplingInterval.OfMonths(1);
/// Console.WriteLine(monthly.Add(new DateTime(2024, 1, 31), 1).ToString("yyyy-MM-dd"));     // 2024-02-29
/// Console.WriteLine(SamplingInterval.Of(TimeSpan.FromMinutes(30)));                        // 30 minutes
/// </code>
/// </example>
public readonly record struct SamplingInterval
{
    private SamplingInterval(TimeSpan duration, int months) => (Duration, Months) = (duration, months);

    /// <summary>The fixed duration; zero if the interval is a number of months.</summary>
    public TimeSpan Duration { get; }

    /// <summary>The number of calendar months; 0 if the interval is a fixed duration.</summary>
    public int Months { get; }

    /// <summary>Makes an interval of a fixed duration.</summary>
    /// <param name="duration">The duration, above zero.</param>
    public static SamplingInterval Of(TimeSpan duration) => duration > TimeSpan.Zero
        ? new(duration, 0)
        : throw new ArgumentOutOfRangeException(nameof(duration), duration,
            "SamplingInterval: the duration should be above zero.");

    /// <summary>Makes an interval of calendar months: 3 for quarters, 12 for years.</summary>
    /// <param name="months">The number of months, at least 1.</param>
    public static SamplingInterval OfMonths(int months) =>
        new(TimeSpan.Zero, Argument.AtLeast(months, nameof(SamplingInterval), nameof(months)));

    /// <summary>Returns the time a number of steps after another one. The end of a month stays within the month.</summary>
    /// <param name="time">The time of step 0.</param>
    /// <param name="steps">The number of steps, also below 0.</param>
    public DateTime Add(DateTime time, int steps) => Months > 0
        ? time.AddMonths(checked(Months * steps))
        : time.AddTicks(checked(Duration.Ticks * steps));

    /// <summary>
    /// Returns the number of steps between two times; null if the time between them is no whole number of steps.
    /// </summary>
    /// <param name="from">The time of step 0.</param>
    /// <param name="to">The other time.</param>
    public long? StepsBetween(DateTime from, DateTime to)
    {
        if (Months > 0)
        {
            var months = ((to.Year - from.Year) * 12) + to.Month - from.Month;
            return months % Months == 0 && from.AddMonths(months) == to ? months / Months : null;
        }

        if (Duration == TimeSpan.Zero)
            throw new InvalidOperationException("SamplingInterval: an interval of zero has no steps; make it by Of or OfMonths.");
        var (steps, rest) = Math.DivRem((to - from).Ticks, Duration.Ticks);
        return rest == 0 ? steps : null;
    }

    /// <summary>
    /// Finds the interval of times: whole months where all are at the same moment of a month, else the shortest time between two
    /// of them. Longer times between two steps are gaps.
    /// </summary>
    /// <param name="times">At least two times, each later than the one before.</param>
    /// <exception cref="ArgumentException">There are fewer than two times, or one is not later than the one before.</exception>
    public static SamplingInterval Find(IReadOnlyList<DateTime> times)
    {
        ArgumentNullException.ThrowIfNull(times);
        if (times.Count < 2)
            throw new ArgumentException("SamplingInterval: at least two times are needed to find their interval.", nameof(times));
        var (shortest, fewest) = (TimeSpan.MaxValue, int.MaxValue);
        for (var i = 1; i < times.Count; i++)
        {
            if (times[i] <= times[i - 1])
                throw new ArgumentException($"SamplingInterval: time {i} is not later than time {i - 1}.", nameof(times));
            shortest = TimeSpan.FromTicks(Math.Min(shortest.Ticks, (times[i] - times[i - 1]).Ticks));
            fewest = Math.Min(fewest, ((times[i].Year - times[0].Year) * 12) + times[i].Month - times[0].Month
                - (((times[i - 1].Year - times[0].Year) * 12) + times[i - 1].Month - times[0].Month));
        }

        return fewest > 0 && times.All(t => OfMonths(1).StepsBetween(times[0], t) is not null) ? OfMonths(fewest) : Of(shortest);
    }

    /// <summary>Returns text such as "30 minutes", "1 hour" or "3 months".</summary>
    public override string ToString()
    {
        if (Months > 0)
            return Months % 12 == 0 ? Counted.Of(Months / 12, "year") : Counted.Of(Months, "month");
        (long Ticks, string Name)[] units = [(TimeSpan.TicksPerDay * 7, "week"), (TimeSpan.TicksPerDay, "day"),
            (TimeSpan.TicksPerHour, "hour"), (TimeSpan.TicksPerMinute, "minute"), (TimeSpan.TicksPerSecond, "second"),
            (TimeSpan.TicksPerMillisecond, "millisecond")];
        foreach (var (ticks, name) in units)
        {
            if (Duration.Ticks % ticks == 0)
                return Counted.Of(Duration.Ticks / ticks, name);
        }

        return Duration.ToString("c", CultureInfo.InvariantCulture);
    }
}
