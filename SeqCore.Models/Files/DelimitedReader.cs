using System.Text;
using CsvHelper;

namespace SeqCore.Models;

/// <summary>Reads the rows of a delimited file with CsvHelper, and refuses what it would mend.</summary>
internal sealed class DelimitedReader : IDisposable
{
    /// <summary>The largest number of bytes in a row: what a quote that is never closed may hold in memory.</summary>
    internal const int MaximumBytes = 1 << 26;

    private static readonly (char Delimiter, string Name)[] usual =
        [('\t', "a tab"), (',', "a comma"), (';', "a semicolon"), ('|', "a vertical bar")];

    private readonly string path;
    private readonly char delimiter;
    private readonly CsvReader reader;
    private CsvMalformedReason? malformed;
    private int columns;

    /// <summary>Opens a file.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="delimiter">The character between columns.</param>
    /// <param name="hasQuotes">Whether columns may be in quotes.</param>
    internal DelimitedReader(string path, char delimiter, bool hasQuotes)
    {
        (this.path, this.delimiter) = (path, delimiter);
        reader = CsvReader.Create(new LineReader(TextLines.Read(path)), new CsvReaderOptions
        {
            Separator = delimiter,
            HasHeader = false,
            Mode = hasQuotes ? CsvMode.Rfc4180 : CsvMode.NoEscape,
            TrackLineNumbers = true,
            MaxRecordSize = MaximumBytes,
            OnMalformedRecord = record => malformed = record.Reason,
        });
    }

    public void Dispose() => reader.Dispose();

    /// <summary>Reads the next row that is not blank; false at the end.</summary>
    internal bool Next()
    {
        do
        {
            if (!Read())
                return false;
            if (malformed is { } reason)
                throw Malformed(reason);
        }
        while (reader.FieldCount == 1 && IsBlank(reader.RawRecord));

        columns = columns == 0 ? reader.FieldCount : columns;
        if (reader.FieldCount != columns)
        {
            throw new DataSourceException($"{Place}: {columns} {(columns == 1 ? "column" : "columns")} should be here; there"
                + $" {(reader.FieldCount == 1 ? "is 1" : $"are {reader.FieldCount}")}: {Shown}.{Hint()}");
        }

        return true;
    }

    /// <summary>Returns the names of the columns, or only their number.</summary>
    internal TableHeader Header(bool hasNames)
    {
        string[]? names = hasNames ? [.. Values().Select(n => n.Trim())] : null;
        return new TableHeader(path, "line", names, columns, columns == 1 ? Hint() : null);
    }

    /// <summary>Returns the current row.</summary>
    internal TableRow Row(TableHeader header) => new(header, reader.LineNumber, new Cells(Values()));

    private string Place => TextLines.Place(path, reader.LineNumber);

    private string Shown => TableRow.Shown(Encoding.UTF8.GetString(reader.RawRecord));

    private bool Read()
    {
        try
        {
            return reader.Read();
        }
        catch (CsvFormatException tooLong)
        {
            throw new DataSourceException($"'{path}': a row is longer than {MaximumBytes >> 20} MB. A quote may not be closed; if"
                + " quotes are text like any other, read the file with HasQuotes = false.", tooLong);
        }
    }

    private string[] Values()
    {
        var values = new string[reader.FieldCount];
        for (var i = 0; i < values.Length; i++)
            values[i] = reader.GetString(i);
        return values;
    }

    private DataSourceException Malformed(CsvMalformedReason reason)
    {
        var problem = reason switch
        {
            CsvMalformedReason.UnterminatedQuote => "a quote that opens here is not closed",
            CsvMalformedReason.TextAfterClosingQuote => "there is text after a closing quote",
            _ => "there is a quote inside a column without quotes around it",
        };
        return new DataSourceException($"{Place}: {problem}: {Shown}. Write a quote inside quotes twice; if quotes are text like"
            + " any other, read the file with HasQuotes = false.");
    }

    /// <summary>Names the delimiter that the current row seems to have instead.</summary>
    private string Hint()
    {
        var row = Encoding.UTF8.GetString(reader.RawRecord);
        var (other, count) = usual.Where(u => u.Delimiter != delimiter)
            .Select(u => (u.Name, Count: row.AsSpan().Count(u.Delimiter))).MaxBy(u => u.Count);
        return count > 0 && (columns == 1 || reader.FieldCount == 1 || row.Contains('\t', StringComparison.Ordinal))
            ? $" Is the delimiter {other}, and not {NameOf(delimiter)}?"
            : "";
    }

    private static string NameOf(char delimiter) => usual.FirstOrDefault(u => u.Delimiter == delimiter).Name ?? $"'{delimiter}'";

    private static bool IsBlank(ReadOnlySpan<byte> row) => row.IndexOfAnyExcept((byte)' ', (byte)'\t') < 0;

    /// <summary>The texts of a row.</summary>
    internal sealed class Cells(string[] values) : IRowValues
    {
        public string Text(int index) => values[index];

        public float? Number(int index) => null;
    }
}
