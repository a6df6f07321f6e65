using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.Forecast;

/// <summary>Finds the steps of a series that a forecaster has not seen.</summary>
internal static class NewSteps
{
    /// <summary>Returns the steps that the forecaster is to see next; null if there are none.</summary>
    /// <param name="series">A series of the same channels; without times, all its steps are new.</param>
    /// <param name="path">Its file, for errors.</param>
    /// <param name="forecaster">The forecaster.</param>
    /// <exception cref="UserException">The series does not go on where the forecaster has stopped.</exception>
    public static TimeSeries? Of(TimeSeries series, string path, Forecaster forecaster)
    {
        // The next step has the channels, the time and the interval that are expected.
        var next = forecaster.Forecast(1);
        if (next.Channels.Except(series.Channels).ToArray() is [var missing, ..])
        {
            throw new UserException($"'{path}' has no column of numbers '{missing}', which the forecaster reads; it has"
                + $" {string.Join(", ", series.Channels)}.");
        }

        series = series.Select(next.Channels);
        if (next.Start is not { } time || series.Start is not { } start)
        {
            return next.Start is null == series.Start is null
                ? series
                : throw new UserException($"'{path}' has {(series.Start is null ? "no times" : "times")}, and the series of the"
                    + $" forecaster has {(series.Start is null ? "times" : "none")}.");
        }

        if (series.Interval != next.Interval)
        {
            throw new UserException($"'{path}' has steps of {series.Interval}, and the series of the forecaster has steps of"
                + $" {next.Interval}.");
        }

        var skipped = series.Interval!.Value.StepsBetween(start, time)
            ?? throw new UserException($"'{path}' has its steps at other times than the series of the forecaster, whose next"
                + $" one is {SeriesText.Time(next, 0)}.");
        if (skipped < 0)
        {
            throw new UserException($"'{path}' starts at {SeriesText.Time(series, 0)}, and the forecaster has to see"
                + $" {SeriesText.Time(next, 0)} first. Name a file that has that step.");
        }

        return skipped < series.Length ? series.Slice((int)skipped, series.Length - (int)skipped) : null;
    }
}
