using SeqCore.Models;

namespace SeqCore.Samples.DetectAnomalies;

/// <summary>The time between two steps.</summary>
internal static class SeriesTime
{
    private const int DaysOfMonth = 30;

    /// <summary>The time of an interval, about 30 days for a month; null for none.</summary>
    public static TimeSpan? StepOf(SamplingInterval? interval) =>
        interval is { Months: > 0 and var months } ? TimeSpan.FromDays(DaysOfMonth * months) : interval?.Duration;
}
