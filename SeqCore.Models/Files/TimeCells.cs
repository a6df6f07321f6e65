using System.Globalization;

namespace SeqCore.Models;

/// <summary>Finds and reads the columns of a table that hold the time of each row.</summary>
internal sealed class TimeCells
{
    private const string Unix = "unix", UnixMilliseconds = "unix-ms";

    // Ticks before and after 1970 that DateTime can hold: more than a thousand years.
    private const double LongestAgo = 5e17;

    private static readonly string[] names =
        ["time", "timestamp", "time stamp", "date", "datetime", "date_time", "ds", "month", "day", "hour", "week",
            "year", "index"];

    private static readonly string[] parts = ["year", "month", "day", "hour", "minute", "second"];

    private static readonly string[] dates = ["yyyy-MM-dd", "yyyy/MM/dd", "yyyy.MM.dd", "yyyy-M-d", "yyyy/M/d", "yyyyMMdd"];

    private static readonly string[] times = ["HH:mm", "HH:mm:ss", "HH:mm:ss.FFFFFFF", "H:mm", "H:mm:ss", "HH:mmK", "HH:mm:ssK",
        "HH:mm:ss.FFFFFFFK"];

    private static readonly string[] known = ["yyyy-MM", "yyyy/MM", .. dates,
        .. dates.SelectMany(d => times.SelectMany(t => (string[])[$"{d} {t}", $"{d}'T'{t}"]))];

    private readonly string? format;
    private readonly bool convertsToUtc;
    private (TimeSpan Offset, long Line)? first;

    private TimeCells(IReadOnlyList<TableColumn> columns, string? format, TimeSeriesFileOptions options) =>
        (Columns, this.format, convertsToUtc) = (columns, format, options.ConvertsToUtc);

    /// <summary>The columns.</summary>
    internal IReadOnlyList<TableColumn> Columns { get; }

    /// <summary>Finds the columns in the first row; null if the table is to be read without times.</summary>
    /// <exception cref="DataSourceException">There are none, or their first cell is not a time.</exception>
    internal static TimeCells? Find(TableRow first, TimeSeriesFileOptions options)
    {
        if (options.Time is { Count: 0 })
            return null;
        if (options.Time is { Count: > 6 })
            throw new ArgumentException("TimeSeriesFile: a time has at most six columns, from year to second.", nameof(options));
        if (options.Time is { } given)
            return new TimeCells(given, given.Count > 1 ? null : FormatOf(first, given[0], options.TimeFormat), options);
        if (first.ColumnNames is { } columns && Composite(columns) is { } composite)
            return new TimeCells(composite, null, options);
        foreach (var column in Candidates(first))
        {
            if (options.TimeFormat is { } own ? Parse(first[column], own) is not null : FormatOf(first[column]) is not null)
                return new TimeCells([column], options.TimeFormat ?? FormatOf(first[column]), options);
        }

        throw first.Error(1, "no column of this row holds a time such as 2024-07-01 12:30. Name the columns of the time and their"
            + " format, or read the table without times");
    }

    /// <summary>
    /// Whether a cell can be the time of a row, or the first of several columns of one, in the form that the options give.
    /// </summary>
    internal static bool IsTime(string cell, TimeSeriesFileOptions options) => options.Time is { Count: > 1 }
        ? int.TryParse(cell, NumberStyles.Integer, CultureInfo.InvariantCulture, out _)
        : options.TimeFormat is { } given ? Parse(cell.Trim(), given) is not null : FormatOf(cell) is not null;

    /// <summary>Whether a column, by its number from 1, is one of those of the time.</summary>
    internal bool Has(TableRow row, TableColumn column) => Columns.Any(c => row.IndexOf(c) == row.IndexOf(column));

    /// <summary>Reads the time of a row.</summary>
    /// <exception cref="DataSourceException">A cell is not a time in the form of the first row.</exception>
    internal DateTime Read(TableRow row)
    {
        if (Columns.Count > 1)
            return Compose(row);
        var time = Parse(row[Columns[0]].Trim(), format!)
            ?? throw row.Error(Columns[0], $"{TableRow.Shown(row[Columns[0]])} is not a time in the form {Shown(format!)}"
                + (FormatOf(row[Columns[0]]) is null ? "" : ", as the first row has; all times should have one form"));
        if (convertsToUtc)
            return DateTime.SpecifyKind(time.UtcDateTime, DateTimeKind.Unspecified);
        first ??= (time.Offset, row.Number);
        return time.Offset == first.Value.Offset
            ? time.DateTime
            : throw row.Error(Columns[0], $"the time {TableRow.Shown(row[Columns[0]])} has another offset from UTC than that of"
                + $" line {first.Value.Line}, as with daylight saving. Convert times to UTC");
    }

    private static string FormatOf(TableRow first, TableColumn column, string? given)
    {
        var cell = first[column].Trim();
        if (given is not null)
        {
            return Parse(cell, given) is not null
                ? given
                : throw first.Error(column, $"{TableRow.Shown(cell)} is not a time in the form {Shown(given)}");
        }

        return FormatOf(cell) ?? throw first.Error(column, $"{TableRow.Shown(cell)} is not a time that begins with the year, such"
            + " as 2024-07-01 12:30. Give its format, such as dd.MM.yyyy");
    }

    private static string? FormatOf(string cell) => known.FirstOrDefault(f => Parse(cell.Trim(), f) is not null);

    private static IEnumerable<TableColumn> Candidates(TableRow first)
    {
        var all = Enumerable.Range(0, first.Count);
        if (first.ColumnNames is { } columns)
            all = all.OrderByDescending(i => names.Contains(columns[i].Trim(), StringComparer.OrdinalIgnoreCase));
        return all.Select(i => (TableColumn)(i + 1));
    }

    /// <summary>Returns the columns year, month and so on, if there are at least the first two.</summary>
    private static TableColumn[]? Composite(IReadOnlyList<string> columns)
    {
        TableColumn[] found = [.. parts.Select(p => Enumerable.Range(0, columns.Count)
                .FirstOrDefault(i => columns[i].Trim().Equals(p, StringComparison.OrdinalIgnoreCase), -1))
            .TakeWhile(i => i >= 0).Select(i => (TableColumn)(i + 1))];
        return found.Length >= 2 ? found : null;
    }

    private DateTime Compose(TableRow row)
    {
        int[] numbers = [0, 1, 1, 0, 0, 0];
        for (var i = 0; i < Columns.Count; i++)
        {
            var cell = row[Columns[i]];
            if (!int.TryParse(cell, NumberStyles.Integer, CultureInfo.InvariantCulture, out numbers[i]))
                throw row.Error(Columns[i], $"{TableRow.Shown(cell)} is not the {parts[i]} of a time");
        }

        try
        {
            return new DateTime(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5], DateTimeKind.Unspecified);
        }
        catch (ArgumentOutOfRangeException)
        {
            throw row.Error(Columns[0], $"there is no time {string.Join('-', numbers[..3])} {string.Join(':', numbers[3..])}");
        }
    }

    private static DateTimeOffset? Parse(string cell, string format)
    {
        if (format is Unix or UnixMilliseconds)
        {
            var ticks = format == Unix ? TimeSpan.TicksPerSecond : TimeSpan.TicksPerMillisecond;
            return double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
                && Math.Abs(seconds * ticks) < LongestAgo
                ? DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * ticks))
                : null;
        }

        return DateTimeOffset.TryParseExact(cell, format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal,
            out var time) ? time : null;
    }

    private static string Shown(string format) => format.Replace("'T'", "T", StringComparison.Ordinal);
}
