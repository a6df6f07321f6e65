namespace SeqCore.Models;

/// <summary>
/// Reads files of rows with a delimiter between their columns, such as CSV and TSV, which may be larger than memory. As for
/// <see cref="TextLines"/>, they are UTF-8, may be compressed with gzip, and lines end with LF, CR LF or CR; blank lines are
/// skipped, and every row has as many columns as the first.
/// </summary>
/// <example>
/// <code>
/// foreach (var row in DelimitedFile.Read("passengers.csv"))
///     Console.WriteLine($"{row["month"]}: {row.Float("count")}");
/// var options = new DelimitedOptions { HasHeader = false };
/// var reviews = DelimitedFile.ReadLabelled("reviews.tsv", text: 1, label: -1, options: options).ToArray();
/// </code>
/// </example>
public static class DelimitedFile
{
    /// <summary>Reads the rows of a file one after the other, each time the result is enumerated.</summary>
    /// <param name="path">The path of a file, as for <see cref="TextLines.Read"/>.</param>
    /// <param name="options">The delimiter, quotes, and whether there is a header; null for the defaults.</param>
    /// <exception cref="DataSourceException">
    /// While it is enumerated: the file cannot be read, has no row, or a row has another number of columns than the first or a
    /// quote in a wrong place; the message names the line.
    /// </exception>
    public static IEnumerable<TableRow> Read(string path, DelimitedOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new DelimitedOptions();
        var delimiter = options.Delimiter ?? DelimiterOf(path);
        if (delimiter is '\r' or '\n' or '"' or '\0' || !char.IsAscii(delimiter))
        {
            throw new ArgumentException("DelimitedFile: the delimiter should be an ASCII character other than a double quote, NUL"
                + " and the ends of lines.", nameof(options));
        }

        return Rows(path, delimiter, options);
    }

    /// <summary>Reads texts and their labels from two columns.</summary>
    /// <param name="path">The path of a file, as for <see cref="TextLines.Read"/>.</param>
    /// <param name="text">The name or the number of the column with the text.</param>
    /// <param name="label">The name or the number of the column with the label; white space around it is left out.</param>
    /// <param name="labelSeparator">
    /// What separates several labels of one text, such as "|"; an empty cell then has none. Null, the default, if a cell has one
    /// label.
    /// </param>
    /// <param name="options">The delimiter, quotes, and whether there is a header; null for the defaults.</param>
    /// <exception cref="DataSourceException">
    /// While it is enumerated: as for <see cref="Read"/>, or there is no such column, or a label is empty.
    /// </exception>
    public static IEnumerable<LabelledText> ReadLabelled(string path, TableColumn text, TableColumn label,
        string? labelSeparator = null, DelimitedOptions? options = null)
    {
        if (labelSeparator is not null)
            ArgumentException.ThrowIfNullOrEmpty(labelSeparator);
        return TableRows.Labelled(Read(path, options), text, label, labelSeparator);
    }

    /// <summary>Reads pairs of texts, such as a sentence and its translation, from two columns.</summary>
    /// <param name="path">The path of a file, as for <see cref="TextLines.Read"/>.</param>
    /// <param name="source">The name or the number of the column with the source.</param>
    /// <param name="target">The name or the number of the column with the target.</param>
    /// <param name="options">The delimiter, quotes, and whether there is a header; null for the defaults.</param>
    /// <exception cref="DataSourceException">
    /// While it is enumerated: as for <see cref="Read"/>, or there is no such column.
    /// </exception>
    public static IEnumerable<(string Source, string Target)> ReadPairs(string path, TableColumn source, TableColumn target,
        DelimitedOptions? options = null) => TableRows.Pairs(Read(path, options), source, target);

    /// <summary>Reads the numbers of each row, such as the values of a time series at one moment.</summary>
    /// <param name="path">The path of a file, as for <see cref="TextLines.Read"/>.</param>
    /// <param name="columns">The names or the numbers of the columns; null, the default, for all.</param>
    /// <param name="missing">What an empty cell stands for, such as NaN; null, the default, refuses it.</param>
    /// <param name="options">The delimiter, quotes, and whether there is a header; null for the defaults.</param>
    /// <exception cref="DataSourceException">
    /// While it is enumerated: as for <see cref="Read"/>, or there is no such column, or a cell is not a finite number.
    /// </exception>
    public static IEnumerable<float[]> ReadNumbers(string path, IReadOnlyList<TableColumn>? columns = null, float? missing = null,
        DelimitedOptions? options = null) => TableRows.Numbers(Read(path, options), columns, missing);

    private static IEnumerable<TableRow> Rows(string path, char delimiter, DelimitedOptions options)
    {
        using var reader = new DelimitedReader(path, delimiter, options.HasQuotes ?? delimiter != '\t');
        TableHeader? header = null;
        var isEmpty = true;
        while (reader.Next())
        {
            if (header is null)
            {
                header = reader.Header(options.HasHeader);
                if (options.HasHeader)
                    continue;
            }

            isEmpty = false;
            yield return reader.Row(header);
        }

        if (isEmpty)
        {
            throw new DataSourceException(header is null
                ? $"'{path}' is empty: it has no row."
                : $"'{path}' has no row below the names of its columns. If it has no names, read it with HasHeader = false.");
        }
    }

    private static char DelimiterOf(string path)
    {
        var name = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        return name.EndsWith(".tsv", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith(".tab", StringComparison.OrdinalIgnoreCase) ? '\t' : ',';
    }
}
