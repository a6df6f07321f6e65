using System.Globalization;
using SeqCore.Models;

namespace SeqCore.Samples.DetectAnomalies;

/// <summary>Times and numbers of series as text.</summary>
internal static class SeriesText
{
    /// <summary>The time of a step; its number where steps have no times.</summary>
    public static string Time(TimeSeries series, int step) => series.Start is null
        ? step.ToString(CultureInfo.InvariantCulture)
        : Time(series.TimeAt(step));

    /// <summary>A time, without seconds where there are none.</summary>
    public static string Time(DateTime time) =>
        time.ToString(time.Ticks % TimeSpan.TicksPerMinute == 0 ? "yyyy-MM-dd HH:mm" : "yyyy-MM-dd HH:mm:ss.FFFFFFF",
            CultureInfo.InvariantCulture);

    /// <summary>A value with six significant digits, empty for NaN.</summary>
    public static string Value(double value) => double.IsNaN(value) ? "" : value.ToString("G6", CultureInfo.InvariantCulture);

    /// <summary>A score with one decimal.</summary>
    public static string Score(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);
}
