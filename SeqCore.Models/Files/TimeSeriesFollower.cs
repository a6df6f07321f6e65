using System.Globalization;

namespace SeqCore.Models;

/// <summary>Reads the steps after a series line by line (<see cref="TimeSeriesFile.Follow"/>).</summary>
/// <param name="next">The channels, the interval and the time of the next step.</param>
/// <param name="options">The columns and how times and numbers are written.</param>
/// <param name="name">What errors call the lines.</param>
internal sealed class TimeSeriesFollower(TimeSeries next, TimeSeriesFileOptions options, string name)
{
    // A wrong time should not take all memory.
    private const int MostMissing = 100_000;

    private readonly char delimiter = options.Table.Delimiter ?? ',';
    private DateTime? expected = next.Start;
    private TableHeader? header;
    private TableColumn[] columns = [];
    private TimeCells? time;
    private long number;

    /// <summary>Whether a first line of names leaves out a channel, so that no line can be read.</summary>
    internal bool LacksColumns { get; private set; }

    /// <summary>Returns the steps up to that of a line; null for a line without any.</summary>
    internal TimeSeries? Read(string line)
    {
        number++;
        if (string.IsNullOrWhiteSpace(line))
            return null;
        string[] cells = [.. Cells(line.TrimEnd('\r'))];
        if (header is null && Begin(cells))
            return null;
        if (cells.Length != header!.Count)
        {
            throw new DataSourceException($"{header.Place(number)}: {header.Count} {(header.Count == 1 ? "column" : "columns")}"
                + $" should be here; there {(cells.Length == 1 ? "is 1" : $"are {cells.Length}")}: {TableRow.Shown(line)}.");
        }

        var row = new TableRow(header, number, new DelimitedReader.Cells(cells));
        var missing = Missing(row);
        var values = new float[(missing + 1) * columns.Length];
        Array.Fill(values, float.NaN);
        for (var c = 0; c < columns.Length; c++)
            values[(missing * columns.Length) + c] = NumberCell.Read(row, columns[c], options);
        var steps = new TimeSeries(values, next.Channels, expected, next.Interval);
        expected = expected is null ? null : steps.TimeAt(steps.Length);
        return steps;
    }

    /// <summary>Finds the columns in the first line; whether it only has their names.</summary>
    private bool Begin(string[] cells)
    {
        TableColumn[]? given = options.Channels is { } chosen ? [.. chosen] : null;
        if (given is not null && given.Length != next.ChannelCount)
        {
            throw new ArgumentException($"TimeSeriesFile: the channels {string.Join(", ", next.Channels)} should be read; got"
                + $" {given.Length} {(given.Length == 1 ? "column" : "columns")}.", nameof(options));
        }

        // Columns that are called as the channels are those of lines without names too.
        if (given?.Select(c => c.Name).SequenceEqual(next.Channels) == true)
            given = null;
        string[] names = given is null ? [.. next.Channels] : [.. given.Select(c => c.Name).OfType<string>()];
        var isHeader = IsHeader(cells, names);
        var found = new TableHeader(name, "line", isHeader ? cells : null, cells.Length);
        columns = given ?? (isHeader
            ? [.. next.Channels.Select(c => (TableColumn)c)]
            : [.. Enumerable.Range(1 + TimeColumns, next.ChannelCount).Select(c => (TableColumn)c)]);
        if (!isHeader && given is not null && names.Length > 0)
        {
            throw new DataSourceException($"{found.Place(number)}: names of columns should be here, with"
                + $" {string.Join(", ", names)} among them; got {TableRow.Shown(string.Join(delimiter, cells))}. Send that line"
                + " first, or do not name columns.");
        }

        if (!isHeader && (given is null ? cells.Length != TimeColumns + next.ChannelCount : cells.Length < next.ChannelCount))
        {
            throw new DataSourceException($"{found.Place(number)}: {(next.Start is null ? "" : "a time and ")}values of"
                + $" {string.Join(", ", next.Channels)} should be here, with '{delimiter}' between them; got"
                + $" {TableRow.Shown(string.Join(delimiter, cells))}.");
        }

        LacksColumns = isHeader;
        foreach (var column in isHeader ? columns : [])
            found.IndexOf(column);
        LacksColumns = false;
        header = found;
        return isHeader;
    }

    private int TimeColumns => next.Start is null ? 0 : options.Time?.Count ?? 1;

    /// <summary>
    /// Whether the first line has the names of columns. Where a channel is called 1 or 2, a line of numbers, after a time if
    /// there are times, is a step.
    /// </summary>
    private bool IsHeader(string[] cells, string[] names)
    {
        if (!options.Table.HasHeader || !cells.Any(names.Contains))
            return false;
        return cells.Skip(TimeColumns).Any(c => NumberCell.Parse(c, options) is null)
            || (TimeColumns > 0 && !TimeCells.IsTime(cells[0], options));
    }

    /// <summary>Returns the number of steps that are left out before that of a row.</summary>
    private int Missing(TableRow row)
    {
        if (expected is not { } wanted)
            return 0;
        time ??= TimeCells.Find(row, header!.Names is null && options.Time is null ? options with { Time = [1] } : options);
        var now = time!.Read(row);
        var interval = next.Interval!.Value;
        if (options.RoundsTimes && interval.Months == 0)
            now = wanted + (interval.Duration * Math.Round((now - wanted) / interval.Duration));
        var steps = interval.StepsBetween(wanted, now);
        return steps switch
        {
            null => throw row.Error(time.Columns[0], $"the time {Shown(now)} is not a whole number of steps of {next.Interval}"
                + $" after the expected one, {Shown(wanted)}"),
            < 0 => throw row.Error(time.Columns[0], $"the time {Shown(now)} is before the expected one, {Shown(wanted)}; lines"
                + " should be in the order of time"),
            > MostMissing => throw row.Error(time.Columns[0], $"{steps} steps are missing before {Shown(now)}; the expected time"
                + $" is {Shown(wanted)}"),
            _ => (int)steps,
        };
    }

    /// <summary>Splits a line; a cell may be in double quotes, in which two stand for one.</summary>
    private IEnumerable<string> Cells(string line)
    {
        for (var start = 0; start <= line.Length;)
        {
            if (start == line.Length || line[start] != '"')
            {
                var end = line.IndexOf(delimiter, start);
                end = end < 0 ? line.Length : end;
                yield return line[start..end].Trim();
                start = end + 1;
                continue;
            }

            var close = start + 1;
            while (close < line.Length && (line[close] != '"' || (close + 1 < line.Length && line[close + 1] == '"')))
                close += line[close] == '"' ? 2 : 1;
            if (close >= line.Length || (close + 1 < line.Length && line[close + 1] != delimiter))
            {
                throw new DataSourceException($"'{name}', line {number}: a quote in a wrong place: {TableRow.Shown(line)}. A"
                    + " column in quotes ends with one, before the delimiter.");
            }

            yield return line[(start + 1)..close].Replace("\"\"", "\"", StringComparison.Ordinal);
            start = close + 2;
        }
    }

    private static string Shown(DateTime time) =>
        time.ToString(time.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
