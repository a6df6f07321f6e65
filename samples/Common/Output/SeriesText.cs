using System.Globalization;
using SeqCore.Models;

namespace SeqCore.Samples.Common;

/// <summary>Times and numbers of series as text.</summary>
public static class SeriesText
{
    private const string Minutes = "yyyy-MM-dd HH:mm", Seconds = "yyyy-MM-dd HH:mm:ss", Ticks = "yyyy-MM-dd HH:mm:ss.FFFFFFF";

    /// <summary>The time of a step, as short as the interval allows; the number of the step where there are no times.</summary>
    public static string Time(TimeSeries series, int step)
    {
        ArgumentNullException.ThrowIfNull(series);
        if (series.Start is not { } start)
            return step.ToString(CultureInfo.InvariantCulture);
        var interval = series.Interval!.Value;
        var format = interval.Months > 0 && start is { Day: 1, TimeOfDay.Ticks: 0 } ? "yyyy-MM"
            : AreWhole(TimeSpan.TicksPerDay) ? "yyyy-MM-dd"
            : AreWhole(TimeSpan.TicksPerMinute) ? Minutes
            : AreWhole(TimeSpan.TicksPerSecond) ? Seconds
            : Ticks;
        return series.TimeAt(step).ToString(format, CultureInfo.InvariantCulture);

        bool AreWhole(long unit) => start.Ticks % unit == 0 && interval.Duration.Ticks % unit == 0;
    }

    /// <summary>A time, without seconds where there are none.</summary>
    public static string Time(DateTime time) =>
        time.ToString(time.Ticks % TimeSpan.TicksPerMinute == 0 ? Minutes : Ticks, CultureInfo.InvariantCulture);

    /// <summary>A value with six significant digits; empty for NaN.</summary>
    public static string Value(double value) => double.IsNaN(value) ? "" : value.ToString("G6", CultureInfo.InvariantCulture);

    /// <summary>A number of a table with four significant digits.</summary>
    public static string Short(double value) => value.ToString(FormatOf(value), CultureInfo.InvariantCulture);

    /// <summary>How far a number of a table spreads, with as many decimals as the number has: 0.001 beside 0.405.</summary>
    public static string Spread(double spread, double value) => spread.ToString(FormatOf(value), CultureInfo.InvariantCulture);

    private static string FormatOf(double value) => Math.Abs(value) switch
    {
        > 0 and < 1e-3 or >= 1e9 => "0.00e0",
        >= 1000 => "N0",
        >= 100 => "0.0",
        >= 10 => "0.00",
        _ => "0.000",
    };

    /// <summary>A score with one decimal.</summary>
    public static string Score(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);
}
