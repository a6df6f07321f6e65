using System.Buffers.Binary;
using Parquet;
using Parquet.Schema;

namespace SeqCore.Models;

/// <summary>
/// Reads Parquet files, one row group at a time, so that a file may be larger than memory. Columns of texts, numbers, truth
/// values, dates and times can be read; inside a structure a column is named by its path, such as <c>translation.en</c>.
/// </summary>
/// <example>
/// <code>
/// foreach (var row in ParquetFile.Read("passengers.parquet", ["month", "count"]))
///     Console.WriteLine($"{row["month"]}: {row.Float("count")}");
/// var reviews = ParquetFile.ReadLabelled("reviews.parquet", "text", "label").ToArray();
/// </code>
/// </example>
public static class ParquetFile
{
    /// <summary>Reads the rows of a file one after the other, each time the result is enumerated.</summary>
    /// <param name="path">The path of a file.</param>
    /// <param name="columns">The names of the columns to read; null, the default, for all.</param>
    /// <exception cref="DataSourceException">
    /// While it is enumerated: the file is missing, not a Parquet file, damaged or without rows, or it has no such column (the
    /// message names those that it has); and when a column is used that is a list or has bytes.
    /// </exception>
    public static IEnumerable<TableRow> Read(string path, IReadOnlyList<string>? columns = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Rows(path, columns);
    }

    /// <summary>Reads texts and their labels from two columns.</summary>
    /// <param name="path">The path of a file.</param>
    /// <param name="text">The name of the column with the text.</param>
    /// <param name="label">The name of the column with the label; white space around it is left out.</param>
    /// <param name="labelSeparator">
    /// What separates several labels of one text, such as "|"; an empty cell then has none. Null, the default, if a cell has one
    /// label.
    /// </param>
    /// <exception cref="DataSourceException">While it is enumerated: as for <see cref="Read"/>, or a label is empty.</exception>
    public static IEnumerable<LabelledText> ReadLabelled(string path, string text, string label, string? labelSeparator = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(label);
        if (labelSeparator is not null)
            ArgumentException.ThrowIfNullOrEmpty(labelSeparator);
        return TableRows.Labelled(Read(path, [text, label]), text, label, labelSeparator);
    }

    /// <summary>Reads pairs of texts, such as a sentence and its translation, from two columns.</summary>
    /// <param name="path">The path of a file.</param>
    /// <param name="source">The name of the column with the source.</param>
    /// <param name="target">The name of the column with the target.</param>
    /// <exception cref="DataSourceException">While it is enumerated: as for <see cref="Read"/>.</exception>
    public static IEnumerable<(string Source, string Target)> ReadPairs(string path, string source, string target)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        return TableRows.Pairs(Read(path, [source, target]), source, target);
    }

    /// <summary>Reads the numbers of each row, such as the values of a time series at one moment.</summary>
    /// <param name="path">The path of a file.</param>
    /// <param name="columns">The names of the columns; null, the default, for all.</param>
    /// <param name="missing">What null stands for, such as NaN; null, the default, refuses it.</param>
    /// <exception cref="DataSourceException">
    /// While it is enumerated: as for <see cref="Read"/>, or a value is not a finite number.
    /// </exception>
    public static IEnumerable<float[]> ReadNumbers(string path, IReadOnlyList<string>? columns = null, float? missing = null) =>
        TableRows.Numbers(Read(path, columns), columns is null ? null : [.. columns.Select(c => (TableColumn)c)], missing);

    private static IEnumerable<TableRow> Rows(string path, IReadOnlyList<string>? columns)
    {
        using var file = Opened(path);
        RequireFooter(path, file);
        var reader = Guarded(path, () => ParquetReader.CreateAsync(file, leaveStreamOpen: true));
        try
        {
            var fields = Guarded(path, () => Task.FromResult(reader.Schema.DataFields));
            string[] names = [.. fields.Select(NameOf)];
            var all = new TableHeader(path, "row", names, names.Length);
            DataField[] wanted = columns is null ? fields : [.. columns.Distinct().Select(c => fields[all.IndexOf(c)])];
            var header = new TableHeader(path, "row", [.. wanted.Select(NameOf)], wanted.Length);
            var number = 0L;
            for (var g = 0; g < reader.RowGroupCount; g++)
            {
                var (group, count) = Guarded(path, () => GroupAsync(reader, g, wanted, header));
                for (var row = 0; row < count; row++)
                    yield return new TableRow(header, ++number, new Cells(group, row));
            }

            if (number == 0)
                throw new DataSourceException($"'{path}' has no row.");
        }
        finally
        {
            Guarded(path, async () =>
            {
                await reader.DisposeAsync().ConfigureAwait(false);
                return true;
            });
        }
    }

    private static async Task<(ParquetColumn[] Columns, int Count)> GroupAsync(ParquetReader reader, int index,
        DataField[] fields, TableHeader header)
    {
        using var group = reader.OpenRowGroupReader(index);
        var columns = new ParquetColumn[fields.Length];
        for (var i = 0; i < columns.Length; i++)
            columns[i] = await ParquetColumn.ReadAsync(group, fields[i], header, i).ConfigureAwait(false);
        return (columns, checked((int)group.RowCount));
    }

    private static string NameOf(DataField field) => string.Join('.', field.Path.ToList());

    /// <summary>
    /// Looks at the end of a file: the last byte of its metadata, their length, and the name of the format. Without that last
    /// byte, Parquet.Net reads for ever.
    /// </summary>
    private static void RequireFooter(string path, FileStream file)
    {
        var end = new byte[9];
        if (file.Length >= 12 + end.Length)
        {
            file.Seek(-end.Length, SeekOrigin.End);
            file.ReadExactly(end);
            file.Seek(0, SeekOrigin.Begin);
            var length = BinaryPrimitives.ReadUInt32LittleEndian(end.AsSpan(1));
            if (end.AsSpan(5).SequenceEqual("PAR1"u8) && end[0] == 0 && length <= file.Length - 12)
                return;
        }

        throw new DataSourceException($"'{path}' is not a Parquet file, or is damaged or encrypted: it does not end like one.");
    }

    private static FileStream Opened(string path)
    {
        try
        {
            return InputFile.Open(path);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DataSourceException($"Parquet file '{path}' does not exist. Check the path.", missing);
        }
        catch (Exception unreadable) when (unreadable is UnauthorizedAccessException or IOException)
        {
            throw new DataSourceException($"Parquet file '{path}' cannot be read: {unreadable.Message}", unreadable);
        }
    }

    /// <summary>
    /// Waits for a part of the file. Parquet.Net has no exceptions of its own for most damage: whatever it throws is told as one.
    /// </summary>
    private static T Guarded<T>(string path, Func<Task<T>> read)
    {
        try
        {
            return Task.Run(read).GetAwaiter().GetResult();
        }
        catch (Exception damaged) when (damaged is not DataSourceException)
        {
            throw new DataSourceException($"'{path}' is not a Parquet file, or is damaged: {damaged.Message}", damaged);
        }
    }

    private sealed class Cells(ParquetColumn[] columns, int row) : IRowValues
    {
        public string Text(int index) => columns[index].Text(row);

        public float? Number(int index) => columns[index].Number(row);
    }
}
