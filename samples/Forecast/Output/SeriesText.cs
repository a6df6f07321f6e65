using System.Globalization;
using SeqCore.Models;

namespace SeqCore.Samples.Forecast;

/// <summary>Times and numbers of series as text.</summary>
internal static class SeriesText
{
    /// <summary>The time of a step, as short as its interval allows; its number where steps have no times.</summary>
    public static string Time(TimeSeries series, int step)
    {
        if (series.Start is null)
            return step.ToString(CultureInfo.InvariantCulture);
        var interval = series.Interval!.Value;
        var format = interval.Months > 0 && series.Start.Value is { Day: 1, TimeOfDay.Ticks: 0 } ? "yyyy-MM"
            : interval.Duration.Ticks % TimeSpan.TicksPerDay == 0 && series.Start.Value.TimeOfDay.Ticks == 0 ? "yyyy-MM-dd"
            : interval.Duration.Ticks % TimeSpan.TicksPerMinute == 0 ? "yyyy-MM-dd HH:mm"
            : interval.Duration.Ticks % TimeSpan.TicksPerSecond == 0 ? "yyyy-MM-dd HH:mm:ss"
            : "yyyy-MM-dd HH:mm:ss.fffffff";
        return series.TimeAt(step).ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>A value with six significant digits, without an exponent where it is short.</summary>
    public static string Value(double value) => double.IsNaN(value) ? "" : value.ToString("G6", CultureInfo.InvariantCulture);

    /// <summary>A number of a table with four significant digits.</summary>
    public static string Short(double value)
    {
        var size = Math.Abs(value);
        var format = size switch { >= 1000 => "N0", >= 100 => "0.0", >= 10 => "0.00", _ => "0.000" };
        return size is > 0 and (< 1e-3 or >= 1e9)
            ? value.ToString("0.00e0", CultureInfo.InvariantCulture)
            : value.ToString(format, CultureInfo.InvariantCulture);
    }
}
