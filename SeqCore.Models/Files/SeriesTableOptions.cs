namespace SeqCore.Models;

/// <summary>The columns of a table that <see cref="LabelledSeriesFile.ReadTable"/> reads.</summary>
public sealed record SeriesTableOptions
{
    /// <summary>The column that says to which series a row belongs; "id" by default.</summary>
    public TableColumn Id { get; init; } = "id";

    /// <summary>
    /// The column of the time, as numbers or as <see cref="TimeSeriesFileOptions.TimeFormat"/> describes it: times have to rise
    /// within a series, and are not read otherwise. Null, the default, takes a column named time, timestamp, datetime, step or t,
    /// and if there is none, the order of the rows.
    /// </summary>
    public TableColumn? Time { get; init; }

    /// <summary>The column of the label; "label" by default, and null if series have none.</summary>
    public TableColumn? Label { get; init; } = "label";

    /// <summary>The columns of the channels; null, the default, for all others.</summary>
    public IReadOnlyList<TableColumn>? Channels { get; init; }

    /// <summary>The delimiter, quotes, and whether there is a header.</summary>
    public DelimitedOptions Table { get; init; } = new();
}
