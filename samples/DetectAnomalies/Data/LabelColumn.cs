using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.DetectAnomalies;

/// <summary>Labels in a column of the series, 1 where an anomaly is.</summary>
internal static class LabelColumn
{
    /// <summary>
    /// Takes the labels out of a series. A missing label between two of the same event belongs to it, so that a gap in the rows
    /// does not make two events of one.
    /// </summary>
    /// <param name="series">The series with the column.</param>
    /// <param name="column">Its name.</param>
    /// <param name="path">The file, for errors.</param>
    public static (TimeSeries Series, IReadOnlyList<StepRange> Windows) Split(TimeSeries series, string column, string path)
    {
        if (!series.Channels.Contains(column))
        {
            throw new UserException($"--label-column: '{path}' has no column of numbers '{column}'; it has"
                + $" {string.Join(", ", series.Channels)}.", isUsage: true);
        }

        if (series.ChannelCount == 1)
            throw new UserException($"'{path}' has no column of numbers beside that of --label-column, '{column}'.");
        var marks = series.ChannelValues(series.IndexOf(column));
        var windows = new List<StepRange>();
        int? last = null;
        for (var step = 0; step < marks.Length; step++)
        {
            switch (marks[step])
            {
                case 1 when last is { } before && windows[^1].End == before + 1:
                    windows[^1] = new StepRange(windows[^1].Start, step + 1 - windows[^1].Start);
                    last = step;
                    break;
                case 1:
                    windows.Add(new StepRange(step, 1));
                    last = step;
                    break;
                case 0:
                    last = null;
                    break;
                case float.NaN:
                    break;
                default:
                    throw new DataSourceException($"'{path}', column '{column}': the label at {SeriesText.Time(series, step)} is"
                        + $" {SeriesText.Value(marks[step])}; labels are 0 or 1. Name another column with --label-column.");
            }
        }

        return (series.Select([.. series.Channels.Where(c => c != column)]), windows);
    }
}
