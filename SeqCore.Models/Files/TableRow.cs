using System.Globalization;

namespace SeqCore.Models;

/// <summary>A row of a table, from a delimited file or a Parquet file. It stays valid after the next row is read.</summary>
public sealed class TableRow
{
    private readonly TableHeader header;
    private readonly IRowValues values;

    internal TableRow(TableHeader header, long number, IRowValues values) =>
        (this.header, Number, this.values) = (header, number, values);

    /// <summary>
    /// The number of the row, from 1: the line of a delimited file where it begins, or the row of a Parquet file.
    /// </summary>
    public long Number { get; }

    /// <summary>The number of columns.</summary>
    public int Count => header.Count;

    /// <summary>The names of the columns; null if the file has none.</summary>
    public IReadOnlyList<string>? ColumnNames => header.Names;

    /// <summary>The text of a column; empty where a Parquet file has null.</summary>
    /// <param name="column">The name or the number of the column.</param>
    /// <exception cref="DataSourceException">The table has no such column, or its type has no text.</exception>
    public string this[TableColumn column] => values.Text(header.IndexOf(column));

    /// <summary>Returns the number in a column.</summary>
    /// <param name="column">The name or the number of the column.</param>
    /// <param name="missing">What an empty cell stands for, such as NaN; null, the default, refuses it.</param>
    /// <exception cref="DataSourceException">
    /// The table has no such column, or the cell is empty or not a finite number; the message names the place.
    /// </exception>
    public float Float(TableColumn column, float? missing = null)
    {
        var index = header.IndexOf(column);
        var value = values.Number(index);
        if (value is null)
        {
            var text = values.Text(index);
            if (string.IsNullOrWhiteSpace(text))
                return missing ?? throw Error(column, "the cell is empty; a number should be here");
            if (!float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed))
            {
                throw Error(column, $"{Shown(text)} is not a number"
                    + (text.Contains(',', StringComparison.Ordinal) ? ", which is written with a point, as 1234.5" : ""));
            }

            value = parsed;
        }

        return float.IsFinite(value.Value)
            ? value.Value
            : throw Error(column, $"{Shown(values.Text(index))} is not a finite number of float32");
    }

    /// <summary>Returns an exception whose message names the file, the row and a column.</summary>
    /// <param name="column">The name or the number of the column.</param>
    /// <param name="problem">What is wrong there, without a full stop.</param>
    /// <exception cref="DataSourceException">The table has no such column.</exception>
    public DataSourceException Error(TableColumn column, string problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        return ErrorAt(Number, column, problem);
    }

    /// <summary>Returns the index of a column.</summary>
    internal int IndexOf(TableColumn column) => header.IndexOf(column);

    /// <summary>Returns how errors name a column: by its name if it has one.</summary>
    internal string NameOf(TableColumn column) => header.NameOf(header.IndexOf(column));

    /// <summary>Returns an exception as <see cref="Error"/> does, about another row of the same table.</summary>
    internal DataSourceException ErrorAt(long number, TableColumn column, string problem) =>
        new($"{header.Place(number)}, {NameOf(column)}: {problem}.");

    /// <summary>Returns a text as errors quote it.</summary>
    internal static string Shown(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.Length <= 60 ? $"'{line}'" : $"'{line[..57]}...'";
    }
}
