namespace SeqCore.Models;

/// <summary>
/// What the calendar says of each step, which is known in advance: for each cycle the sine and cosine of its phase, so that its
/// end is next to its beginning.
/// </summary>
/// <example>
/// <code>
/// var hours = new TimeSeries(new float[24], null, new DateTime(2024, 1, 1), SamplingInterval.Of(TimeSpan.FromHours(1)));
/// var calendar = CalendarFeatures.Of(hours, CalendarFeature.TimeOfDay);
/// Console.WriteLine(string.Join(", ", calendar.Channels));                // TimeOfDay sine, TimeOfDay cosine
/// Console.WriteLine(calendar[step: 6, channel: 0]);                       // 1
/// </code>
/// </example>
public static class CalendarFeatures
{
    /// <summary>Computes the features of the steps of a series.</summary>
    /// <param name="series">A series whose steps have times.</param>
    /// <param name="features">The cycles, at least one, all different.</param>
    /// <returns>A series of the same steps with two channels for each cycle.</returns>
    /// <exception cref="InvalidOperationException">The steps have no time.</exception>
    public static TimeSeries Of(TimeSeries series, params IReadOnlyList<CalendarFeature> features)
    {
        ArgumentNullException.ThrowIfNull(series);
        return Of(series.TimeAt(0), series.Interval!.Value, series.Length, features);
    }

    /// <summary>Computes the features of steps from a time on, such as those of a forecast.</summary>
    /// <param name="start">The time of the first step.</param>
    /// <param name="interval">The time between two steps.</param>
    /// <param name="length">The number of steps, at least 1.</param>
    /// <param name="features">The cycles, at least one, all different.</param>
    public static TimeSeries Of(DateTime start, SamplingInterval interval, int length,
        params IReadOnlyList<CalendarFeature> features)
    {
        ArgumentNullException.ThrowIfNull(features);
        Argument.AtLeast(length, nameof(CalendarFeatures), nameof(length));
        Argument.AtLeast(features.Count, nameof(CalendarFeatures), nameof(features));
        var values = new float[length * features.Count * 2];
        for (var i = 0; i < values.Length; i += 2)
        {
            var feature = Argument.Defined(features[i / 2 % features.Count], nameof(CalendarFeatures), nameof(features));
            var phase = Phase(interval.Add(start, i / 2 / features.Count), feature);
            (values[i], values[i + 1]) = ((float)double.SinPi(2 * phase), (float)double.CosPi(2 * phase));
        }

        return new TimeSeries(values, [.. features.SelectMany(f => (string[])[$"{f} sine", $"{f} cosine"])], start, interval);
    }

    /// <summary>Returns how much of its cycle a time has behind it, in [0, 1).</summary>
    private static double Phase(DateTime time, CalendarFeature feature) => feature switch
    {
        CalendarFeature.MinuteOfHour => time.TimeOfDay.TotalHours % 1,
        CalendarFeature.TimeOfDay => time.TimeOfDay.TotalDays,
        CalendarFeature.DayOfWeek => ((int)time.DayOfWeek + time.TimeOfDay.TotalDays) / 7,
        CalendarFeature.DayOfMonth => (time.Day - 1 + time.TimeOfDay.TotalDays) / DateTime.DaysInMonth(time.Year, time.Month),
        _ => (time.DayOfYear - 1 + time.TimeOfDay.TotalDays) / (DateTime.IsLeapYear(time.Year) ? 366 : 365),
    };
}
