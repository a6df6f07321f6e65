using System.Globalization;

namespace SeqCore.Models;

/// <summary>
/// The time between two steps of a series: a fixed duration such as an hour or a week, or a number of calendar months. Steps of
/// months may be on a day that not every month has, such as the last one: shorter months then have their last day instead.
/// </summary>
/// <example>
/// <code>
/// var monthly = SamplingInterval.OfMonths(1);
/// Console.WriteLine(monthly.Add(new DateTime(2024, 1, 31), 1).ToString("yyyy-MM-dd"));     // 2024-02-29
/// var monthEnds = SamplingInterval.OfMonths(1, day: 31);
/// Console.WriteLine(monthEnds.Add(new DateTime(2024, 2, 29), 1).ToString("yyyy-MM-dd"));   // 2024-03-31
/// Console.WriteLine(SamplingInterval.Of(TimeSpan.FromMinutes(30)));                        // 30 minutes
/// </code>
/// </example>
public readonly record struct SamplingInterval
{
    private const int ShortestMonth = 28, LongestMonth = 31;

    private SamplingInterval(TimeSpan duration, int months, int day) => (Duration, Months, Day) = (duration, months, day);

    /// <summary>The fixed duration; zero if the interval is a number of months.</summary>
    public TimeSpan Duration { get; }

    /// <summary>The number of calendar months; 0 if the interval is a fixed duration.</summary>
    public int Months { get; }

    /// <summary>
    /// The day of the month of each step, from 29 to 31, or the last day of a month that is shorter; 0 where all steps have the
    /// day of the first one.
    /// </summary>
    public int Day { get; }

    /// <summary>Makes an interval of a fixed duration.</summary>
    /// <param name="duration">The duration, above zero.</param>
    public static SamplingInterval Of(TimeSpan duration) => duration > TimeSpan.Zero
        ? new(duration, 0, 0)
        : throw new ArgumentOutOfRangeException(nameof(duration), duration,
            "SamplingInterval: the duration should be above zero.");

    /// <summary>Makes an interval of calendar months: 3 for quarters, 12 for years.</summary>
    /// <param name="months">The number of months, at least 1.</param>
    /// <param name="day">
    /// The day of the month that steps have, 29, 30 or 31, where the month is long enough, and its last day elsewhere; 31 is the
    /// end of each month. 0, the default, is the day of the first step.
    /// </param>
    public static SamplingInterval OfMonths(int months, int day = 0)
    {
        Argument.AtLeast(months, nameof(SamplingInterval), nameof(months));
        return day is 0 or (> ShortestMonth and <= LongestMonth)
            ? new(TimeSpan.Zero, months, day)
            : throw new ArgumentOutOfRangeException(nameof(day), day, "SamplingInterval: the day should be 29, 30 or 31, or 0 for"
                + " that of the first step, which suits every earlier day.");
    }

    /// <summary>Returns the time a number of steps after another one. The end of a month stays within the month.</summary>
    /// <param name="time">The time of step 0.</param>
    /// <param name="steps">The number of steps, also below 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is outside of the years 1 to 9999.</exception>
    public DateTime Add(DateTime time, int steps) => TryAdd(time, steps) ?? throw new ArgumentOutOfRangeException(nameof(steps),
        steps, $"SamplingInterval: the step is outside of the years 1 to 9999, {this} each from {time:yyyy-MM-dd}.");

    /// <summary>Returns the time a number of steps after another one; null outside of the years that there are.</summary>
    internal DateTime? TryAdd(DateTime time, int steps)
    {
        if (Months == 0)
        {
            var ticks = time.Ticks + ((Int128)Duration.Ticks * steps);
            return ticks >= DateTime.MinValue.Ticks && ticks <= DateTime.MaxValue.Ticks
                ? new DateTime((long)ticks, time.Kind)
                : null;
        }

        var months = (long)Months * steps;
        if (time.Year + Math.Floor((time.Month - 1 + months) / 12.0) is < 1 or > 9999)
            return null;
        var moved = time.AddMonths((int)months);
        return Day == 0 ? moved : moved.AddDays(Math.Min(Day, DateTime.DaysInMonth(moved.Year, moved.Month)) - moved.Day);
    }

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
            return months % Months == 0 && TryAdd(from, months / Months) == to ? months / Months : null;
        }

        if (Duration == TimeSpan.Zero)
            throw new InvalidOperationException("SamplingInterval: an interval of zero has no steps; make it by Of or OfMonths.");
        var (steps, rest) = Math.DivRem((to - from).Ticks, Duration.Ticks);
        return rest == 0 ? steps : null;
    }

    /// <summary>
    /// Finds the interval of times: whole months where all are at the same moment of a month or all at its last day, else the
    /// shortest time between two of them. Longer times between two steps are gaps.
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

        var monthly = OfMonths(1, DayOf(times));
        return fewest > 0 && times.All(t => monthly.StepsBetween(times[0], t) is not null)
            ? new(TimeSpan.Zero, fewest, monthly.Day)
            : Of(shortest);
    }

    /// <summary>Returns the day after the 28th that times have: 31 if all are at ends of months; 0 for none.</summary>
    private static int DayOf(IReadOnlyList<DateTime> times)
    {
        var day = times.All(t => t.Day == DateTime.DaysInMonth(t.Year, t.Month)) ? LongestMonth : times.Max(t => t.Day);
        return day > ShortestMonth ? day : 0;
    }

    /// <summary>Returns text such as "30 minutes", "1 hour", "3 months" or "1 month at month ends".</summary>
    public override string ToString()
    {
        if (Months > 0)
        {
            var day = Day switch { 0 => "", LongestMonth => " at month ends", _ => $" on day {Day}" };
            return (Months % 12 == 0 ? Counted.Of(Months / 12, "year") : Counted.Of(Months, "month")) + day;
        }

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
