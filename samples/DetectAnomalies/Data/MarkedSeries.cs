using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.DetectAnomalies;

/// <summary>A series, its normal beginning, and its labelled anomalies.</summary>
/// <param name="Name">A short name, for titles and folders.</param>
/// <param name="Values">The series.</param>
/// <param name="Normal">The number of steps at the beginning that are taken as normal.</param>
/// <param name="Windows">The windows of its anomalies; null if there are no labels.</param>
/// <param name="Step">The time between two steps, for alarms a week; null if there is none.</param>
internal sealed record MarkedSeries(string Name, TimeSeries Values, int Normal, IReadOnlyList<StepRange>? Windows,
    TimeSpan? Step)
{
    /// <summary>The steps to fit a detector on.</summary>
    public TimeSeries NormalPart => Values.Slice(0, Normal);

    /// <summary>Requires steps behind the normal ones, and normal ones without a labelled anomaly.</summary>
    /// <exception cref="UserException">There is none, or there is one.</exception>
    public MarkedSeries Checked()
    {
        if (Normal >= Values.Length)
        {
            throw new UserException($"'{Name}': all of its {Values.Length} steps are taken as normal, so none is left to look for"
                + " anomalies in. Give a smaller --normal.");
        }

        if (Windows?.FirstOrDefault(w => w.Start < Normal) is { Length: > 0 } inside)
        {
            throw new UserException($"'{Name}': the labelled anomaly at {inside} begins within the first {Normal} steps, which"
                + " are taken as normal. Give a smaller --normal.");
        }

        return this;
    }

    /// <summary>The time of a step as text, or its number.</summary>
    public string TimeOf(int step) => SeriesText.Time(Values, step);
}
