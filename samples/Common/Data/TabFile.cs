using SeqCore.Models;

namespace SeqCore.Samples.Common;

/// <summary>
/// Reads tables whose columns are separated by tabs. Quotation marks are ordinary characters, every row has as many columns as
/// the first one, and empty lines are allowed only at the end.
/// </summary>
public static class TabFile
{
    /// <summary>Reads the rows of a file one after the other, each time the result is enumerated.</summary>
    /// <param name="path">The path of a file, as for <see cref="TextLines.Read"/>.</param>
    /// <exception cref="DataSourceException">
    /// While it is enumerated: the file cannot be read, or a row is not as long as the first; the message names the line.
    /// </exception>
    public static IEnumerable<TabRow> Read(string path)
    {
        var (columns, empty) = (0, 0L);
        foreach (var line in TextLines.Read(path))
        {
            if (line.Text.Length == 0)
            {
                empty = empty == 0 ? line.Number : empty;
                continue;
            }

            var cells = line.Text.Split('\t');
            columns = columns == 0 ? cells.Length : columns;
            if (empty > 0)
                throw new DataSourceException($"{Place(path, empty)} is empty, and rows follow it. Remove the line.");
            if (columns == 1)
                throw NoTab(path, line);
            if (cells.Length != columns)
            {
                throw new DataSourceException($"{Place(path, line.Number)} has {Show.Number(cells.Length, "column")}; the rows"
                    + $" before it have {columns}. Each row should have as many, separated by tabs.");
            }

            yield return new TabRow(path, line.Number, cells);
        }

        if (columns == 0)
            throw new DataSourceException($"'{path}' is empty. Each line should have columns separated by tabs.");
    }

    /// <summary>A place in a file as errors name it: <c>'mine.tsv', line 7, column 3</c>.</summary>
    public static string Place(string path, long line, long? column = null) =>
        $"'{path}', line {line}{(column is { } c ? $", column {c}" : "")}";

    private static DataSourceException NoTab(string path, TextLine line)
    {
        var other = line.Text.Contains(';', StringComparison.Ordinal) ? "semicolons"
            : line.Text.Contains(',', StringComparison.Ordinal) ? "commas"
            : line.Text.StartsWith('{') ? "JSON" : null;
        return new DataSourceException($"{Place(path, line.Number)}: there is no tab. Columns should be separated by tabs"
            + $"{(other is null ? "" : $", not {other}")}.");
    }
}

/// <summary>A row of a table.</summary>
/// <param name="Path">The path of the file.</param>
/// <param name="Number">The number of the line, from 1.</param>
/// <param name="Cells">The cells.</param>
public sealed record TabRow(string Path, long Number, IReadOnlyList<string> Cells)
{
    /// <summary>The place of a cell in the file, as errors name it; the column counts characters from 1.</summary>
    /// <param name="cell">The index of the cell.</param>
    public string PlaceOf(int cell) => TabFile.Place(Path, Number, Cells.Take(cell).Sum(c => c.Length + 1L) + 1);
}
