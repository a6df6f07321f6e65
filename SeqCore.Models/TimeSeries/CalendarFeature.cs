namespace SeqCore.Models;

/// <summary>A cycle of the calendar that a <see cref="CalendarFeatures"/> describes.</summary>
public enum CalendarFeature
{
    /// <summary>The minute of the hour.</summary>
    MinuteOfHour,

    /// <summary>The time of day.</summary>
    TimeOfDay,

    /// <summary>The day of the week, with the time of day as a fraction.</summary>
    DayOfWeek,

    /// <summary>The day of the month.</summary>
    DayOfMonth,

    /// <summary>The day of the year, with the time of day as a fraction.</summary>
    DayOfYear,
}
