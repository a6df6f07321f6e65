namespace SeqCore.Models;

/// <summary>How a table holds a time series (<see cref="TimeSeriesFile"/>).</summary>
public sealed record TimeSeriesFileOptions
{
    /// <summary>
    /// The columns of the time: one, or several such as year, month, day and hour, whose numbers are put together in this order.
    /// Null, the default, finds them: a column named time, timestamp, date, datetime, ds, month or so, or whose first cell is a
    /// time. An empty list reads a table without times.
    /// </summary>
    public IReadOnlyList<TableColumn>? Time { get; init; }

    /// <summary>
    /// The format of the time, such as "dd.MM.yyyy HH:mm", as for
    /// <see cref="DateTime.ParseExact(string, string, IFormatProvider)"/>; "unix" and "unix-ms" are seconds and milliseconds
    /// since 1970. Null, the default, takes forms that begin with the year, such as 2024-07-01, 2024/07/01 12:30, 2024-07 and
    /// 2024-07-01T12:30:00Z; other orders of day and month are ambiguous.
    /// </summary>
    public string? TimeFormat { get; init; }

    /// <summary>
    /// Whether times with an offset, such as 2024-07-01T12:30+02:00, are converted to UTC. False, the default, keeps them as they
    /// are written, which needs one offset in the whole table: with daylight saving, local times would be missing and repeated.
    /// </summary>
    public bool ConvertsToUtc { get; init; }

    /// <summary>
    /// The columns of the channels; null, the default, for all others in which each cell is a number or missing.
    /// </summary>
    public IReadOnlyList<TableColumn>? Channels { get; init; }

    /// <summary>
    /// The cells that stand for a missing value, without white space; empty, NA, NaN, null, - and ? by default.
    /// </summary>
    public IReadOnlyList<string> Missing { get; init; } = ["", "NA", "NaN", "nan", "N/A", "null", "NULL", "-", "?"];

    /// <summary>The time between two steps; null, the default, finds it.</summary>
    public SamplingInterval? Interval { get; init; }

    /// <summary>
    /// Whether times are rounded to whole steps of <see cref="Interval"/>, such as 10:00:02 and 10:09:58 to those of ten minutes.
    /// False by default: times between two steps are refused.
    /// </summary>
    public bool RoundsTimes { get; init; }

    /// <summary>
    /// Whether numbers have a comma before their decimals, as 3,5. Columns then need another delimiter, or quotes. False by
    /// default.
    /// </summary>
    public bool HasDecimalComma { get; init; }

    /// <summary>The delimiter, quotes, and whether there is a header.</summary>
    public DelimitedOptions Table { get; init; } = new();
}
