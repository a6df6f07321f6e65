using System.Globalization;
using SeqCore.Models;

namespace SeqCore.Samples.Common;

/// <summary>The times of the steps of a chart.</summary>
/// <param name="Start">The time of step 0.</param>
/// <param name="Interval">The time from one step to the next.</param>
public sealed record StepTimes(DateTime Start, SamplingInterval Interval)
{
    /// <summary>The times of a series; null if its steps have none.</summary>
    public static StepTimes? Of(TimeSeries series)
    {
        ArgumentNullException.ThrowIfNull(series);
        return series.Start is { } start && series.Interval is { } interval ? new StepTimes(start, interval) : null;
    }

    /// <summary>The time of a step.</summary>
    public DateTime At(double step) => Interval.Add(Start, (int)Math.Round(step));

    /// <summary>The step, with its fraction, of a time.</summary>
    public double StepOf(DateTime time)
    {
        if (Interval.Months == 0)
            return (double)(time - Start).Ticks / Interval.Duration.Ticks;
        var whole = (((time.Year - Start.Year) * 12) + time.Month - Start.Month) / Interval.Months;
        if (Interval.Add(Start, whole) > time)
            whole--;
        var (before, after) = (Interval.Add(Start, whole), Interval.Add(Start, whole + 1));
        return whole + ((double)(time - before).Ticks / (after - before).Ticks);
    }
}

/// <summary>An axis of steps whose ticks are at round times: the beginnings of years, months, days, hours or minutes.</summary>
public sealed class TimeAxis : Axis
{
    private static readonly (int Months, TimeSpan Span, string Format)[] units =
    [
        (0, TimeSpan.FromSeconds(1), "HH:mm:ss"), (0, TimeSpan.FromSeconds(5), "HH:mm:ss"),
        (0, TimeSpan.FromSeconds(15), "HH:mm:ss"), (0, TimeSpan.FromMinutes(1), "HH:mm"), (0, TimeSpan.FromMinutes(5), "HH:mm"),
        (0, TimeSpan.FromMinutes(15), "HH:mm"), (0, TimeSpan.FromHours(1), "HH:mm"), (0, TimeSpan.FromHours(3), "HH:mm"),
        (0, TimeSpan.FromHours(6), "dd MMM HH:mm"), (0, TimeSpan.FromHours(12), "dd MMM HH:mm"),
        (0, TimeSpan.FromDays(1), "dd MMM"), (0, TimeSpan.FromDays(2), "dd MMM"), (0, TimeSpan.FromDays(7), "dd MMM"),
        (0, TimeSpan.FromDays(14), "dd MMM"), (1, default, "MMM yyyy"), (3, default, "MMM yyyy"), (6, default, "MMM yyyy"),
        (12, default, "yyyy"), (24, default, "yyyy"), (60, default, "yyyy"), (120, default, "yyyy"), (240, default, "yyyy"),
        (600, default, "yyyy"), (1200, default, "yyyy"), (6000, default, "yyyy"),
    ];

    private readonly StepTimes times;
    private readonly double low, high;
    private readonly (int Months, TimeSpan Span, string Format) unit;

    /// <summary>Makes an axis from the lowest to the highest step.</summary>
    /// <param name="times">The times of the steps.</param>
    /// <param name="lowest">The first step.</param>
    /// <param name="highest">The last step; if it is not above the lowest, the axis is 1 long.</param>
    /// <param name="mostTicks">The largest number of ticks.</param>
    public TimeAxis(StepTimes times, double lowest, double highest, int mostTicks = 8)
    {
        ArgumentNullException.ThrowIfNull(times);
        (this.times, low, high) = (times, lowest, highest > lowest ? highest : lowest + 1);
        var length = times.At(Math.Ceiling(high)) - times.At(Math.Floor(low));

        // Labels of days and hours are wider than those of years, for which the number of ticks is made.
        unit = units.FirstOrDefault(u => length / Length(u) <= (u.Format.Length > 8 ? mostTicks / 1.7 : mostTicks), units[^1]);
    }

    /// <inheritdoc/>
    public override IEnumerable<double> Ticks
    {
        get
        {
            var end = times.At(Math.Floor(high));
            for (var time = First(); time <= end; time = Next(time))
            {
                var step = times.StepOf(time);
                if (step >= low - 1e-9 && step <= high + 1e-9)
                    yield return step;
                if (time > DateTime.MaxValue.AddYears(-600))
                    yield break;
            }
        }
    }

    /// <inheritdoc/>
    public override double Place(double value) => (value - low) / (high - low);

    /// <inheritdoc/>
    public override string Label(double tick)
    {
        // A tick lies between two steps where these are not at round times.
        var whole = times.At(Math.Floor(tick));
        var fraction = tick - Math.Floor(tick);
        var time = fraction < 1e-9 ? whole : whole.AddTicks((long)((times.At(Math.Floor(tick) + 1) - whole).Ticks * fraction));
        return time.AddMilliseconds(1).ToString(unit.Format, CultureInfo.InvariantCulture);
    }

    private static TimeSpan Length((int Months, TimeSpan Span, string Format) unit) =>
        unit.Months > 0 ? TimeSpan.FromDays(30.4 * unit.Months) : unit.Span;

    private DateTime First()
    {
        var start = times.At(Math.Floor(low));
        if (unit.Months >= 12)
            return new DateTime(Math.Max(1, start.Year / (unit.Months / 12) * (unit.Months / 12)), 1, 1);
        return unit.Months > 0
            ? new DateTime(start.Year, ((start.Month - 1) / unit.Months * unit.Months) + 1, 1)
            : new DateTime(start.Ticks / unit.Span.Ticks * unit.Span.Ticks);
    }

    private DateTime Next(DateTime time) => unit.Months > 0 ? time.AddMonths(unit.Months) : time + unit.Span;
}
