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
    /// <summary>The path of its file, for errors; null if it is built in.</summary>
    public string? Path { get; init; }

    /// <summary>
    /// The time of each step where these are not at equal distances; null where the values know their times, or have none.
    /// </summary>
    public IReadOnlyList<DateTime>? Times { get; init; }

    /// <summary>What errors call it.</summary>
    public string Source => $"'{Path ?? Name}'";

    /// <summary>The steps to fit a detector on.</summary>
    public TimeSeries NormalPart => Values.Slice(0, Normal);

    /// <summary>The times of the steps for the axis of a chart; null if there are none, or not at equal distances.</summary>
    public StepTimes? AxisTimes
    {
        get
        {
            if (Times is not { Count: > 1 } times || Step is not { } step)
                return StepTimes.Of(Values);
            var isEven = Enumerable.Range(1, times.Count - 1).All(i => times[i] - times[i - 1] == step);
            return isEven ? new StepTimes(times[0], SamplingInterval.Of(step)) : null;
        }
    }

    /// <summary>Requires steps after the normal ones, and normal ones without a labelled anomaly.</summary>
    /// <exception cref="UserException">There is none, or there is one.</exception>
    public MarkedSeries Checked()
    {
        if (Normal >= Values.Length)
        {
            throw new UserException($"{Source}: all of its {Values.Length} steps are taken as normal, so none is left to look for"
                + " anomalies in. Give a smaller --normal.");
        }

        return CheckedNormal();
    }

    /// <summary>Requires normal steps without a labelled anomaly.</summary>
    /// <exception cref="UserException">There is one.</exception>
    public MarkedSeries CheckedNormal()
    {
        if (Windows?.FirstOrDefault(w => w.Start < Normal) is { Length: > 0 } inside)
        {
            throw new UserException($"{Source}: the labelled anomaly from {TimeOf(inside.Start)} on begins within the first"
                + $" {Normal} steps, which are taken as normal. Give a --normal of at most {inside.Start}.");
        }

        return this;
    }

    /// <summary>The time of a step as text, or its number.</summary>
    public string TimeOf(int step) => Times is { } times ? SeriesText.Time(times[step]) : SeriesText.Time(Values, step);
}
