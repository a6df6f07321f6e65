using System.Globalization;

namespace SeqCore.Models;

/// <summary>Collects the rows of a table and makes a series of them.</summary>
/// <param name="path">The path of the table, for errors.</param>
/// <param name="options">The columns and how times and numbers are written.</param>
internal sealed class TimeSeriesReader(string path, TimeSeriesFileOptions options)
{
    private readonly List<DateTime> times = [];
    private readonly List<long> lines = [];
    private readonly List<float> values = [];
    private TimeCells? time;
    private TableRow? first;
    private TableColumn[] columns = [];

    // Of each column, whether it has numbers: null before its first cell that is not missing.
    private bool?[] isNumber = [];

    /// <summary>Adds a row.</summary>
    internal void Add(TableRow row)
    {
        if (first is null)
            Begin(row);
        if (time is not null)
            AddTime(row, time);
        for (var i = 0; i < columns.Length; i++)
            values.Add(Value(row, i));
    }

    /// <summary>Returns the series of all rows.</summary>
    /// <param name="mostStepsPerRow">The largest number of steps for each row; more are a mistake.</param>
    internal TimeSeries ToSeries(int mostStepsPerRow)
    {
        int[] chosen = [.. Enumerable.Range(0, columns.Length).Where(i => isNumber[i] != false)];
        if (chosen.Length == 0)
            throw new DataSourceException($"'{path}' has no column of numbers beside the time.");
        foreach (var i in chosen)
        {
            if (isNumber[i] is null)
            {
                throw new DataSourceException(
                    $"'{path}', {first!.NameOf(columns[i])}: every value is missing. Leave the column out.");
            }
        }

        string[] names = [.. chosen.Select(i => Name(columns[i]))];
        NumberCell.RequireDistinct(names, path);
        var rows = values.Count / columns.Length;
        if (time is null)
            return new TimeSeries(Chosen(chosen, Enumerable.Range(0, rows), rows), names);
        var interval = IntervalOf(time);
        if (options.RoundsTimes)
            RoundTimes(time, interval);
        var places = Places(time, interval, mostStepsPerRow);
        return new TimeSeries(Chosen(chosen, places, places[^1] + 1), names, times[0], interval);
    }

    private void Begin(TableRow row)
    {
        first = row;
        time = TimeCells.Find(row, options);
        columns = options.Channels is { } given
            ? [.. given]
            : [.. Enumerable.Range(1, row.Count).Select(n => (TableColumn)n).Where(c => time?.Has(row, c) != true)];
        isNumber = [.. columns.Select(_ => options.Channels is null ? (bool?)null : true)];
    }

    private void AddTime(TableRow row, TimeCells cells)
    {
        var now = cells.Read(row);
        if (times.Count > 0 && now <= times[^1])
        {
            throw row.Error(cells.Columns[0], now == times[^1]
                ? $"the time {Shown(now)} is that of line {lines[^1]} already; each time should be there once"
                : $"the time {Shown(now)} is before that of line {lines[^1]}, {Shown(times[^1])}; sort the rows by time");
        }

        times.Add(now);
        lines.Add(row.Number);
    }

    private float Value(TableRow row, int index)
    {
        var column = columns[index];
        if (isNumber[index] == false)
            return float.NaN;
        if (isNumber[index] is null && NumberCell.Parse(row[column], options) is null)
        {
            isNumber[index] = false;
            return float.NaN;
        }

        var value = NumberCell.Read(row, column, options);
        if (!float.IsNaN(value))
            isNumber[index] = true;
        return value;
    }

    private string Name(TableColumn column) => column.Name
        ?? (first!.ColumnNames is { } names ? names[column.Number > 0 ? column.Number - 1 : names.Count + column.Number]
            : $"column {(column.Number > 0 ? column.Number : first.Count + 1 + column.Number)}");

    private SamplingInterval IntervalOf(TimeCells cells)
    {
        if (options.Interval is { } given)
        {
            // The times show which day after the 28th, such as the last one, steps of months have.
            return given is { Months: > 0, Day: 0 } && times.Count > 1
                ? SamplingInterval.OfMonths(given.Months, SamplingInterval.Find(times).Day)
                : given;
        }

        return times.Count > 1
            ? SamplingInterval.Find(times)
            : throw first!.Error(cells.Columns[0], "one time has no interval to the next. Give the interval, or more rows");
    }

    /// <summary>Rounds each time to the nearest whole step, counted from the year 1.</summary>
    private void RoundTimes(TimeCells cells, SamplingInterval interval)
    {
        if (interval.Months > 0)
            return;
        var step = interval.Duration.Ticks;
        for (var i = 0; i < times.Count; i++)
        {
            var rounded = new DateTime((times[i].Ticks + (step / 2)) / step * step);
            if (i > 0 && rounded == times[i - 1])
            {
                throw first!.ErrorAt(lines[i], cells.Columns[0], $"the time {Shown(times[i])} belongs to the step of"
                    + $" {Shown(rounded)}, as that of line {lines[i - 1]} does. Take a shorter step, or one row for each");
            }

            times[i] = rounded;
        }
    }

    /// <summary>Returns the step of each row.</summary>
    private int[] Places(TimeCells cells, SamplingInterval interval, int mostStepsPerRow)
    {
        var places = new int[times.Count];
        for (var i = 1; i < places.Length; i++)
        {
            var place = interval.StepsBetween(times[0], times[i]) ?? throw first!.ErrorAt(lines[i], cells.Columns[0],
                $"the time {Shown(times[i])} is no whole number of steps of {interval} after the first, {Shown(times[0])};"
                    + " times should be at equal distances, apart from gaps");
            if (place > (long)mostStepsPerRow * (i + 1))
            {
                throw first!.ErrorAt(lines[i], cells.Columns[0], $"with steps of {interval} there are {place} steps up to"
                    + $" {Shown(times[i])}, and almost none has a row. Is the interval right?");
            }

            places[i] = (int)place;
        }

        return places;
    }

    /// <summary>Copies the chosen columns of each row to its step; all other steps are missing.</summary>
    private float[] Chosen(int[] chosen, IEnumerable<int> places, int steps)
    {
        var series = new float[checked(steps * chosen.Length)];
        Array.Fill(series, float.NaN);
        foreach (var (row, step) in places.Index())
        {
            for (var c = 0; c < chosen.Length; c++)
                series[(step * chosen.Length) + c] = values[(row * columns.Length) + chosen[c]];
        }

        return series;
    }

    private static string Shown(DateTime time) =>
        time.ToString(time.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
