using System.Text.Json;
using SeqCore.Models;

namespace SeqCore.Samples.Summarize;

/// <summary>Reads texts with summaries from plain files or gzip files.</summary>
internal static class SummaryFile
{
    /// <summary>
    /// Reads JSON lines (*.jsonl, *.json), CSV with a header (*.csv), or lines of text, tab, summary (any other name).
    /// </summary>
    /// <exception cref="DataSourceException">The file cannot be read; the message names the line.</exception>
    public static IEnumerable<Example> Read(string path, Fields fields)
    {
        var name = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        return Path.GetExtension(name).ToLowerInvariant() switch
        {
            ".jsonl" or ".json" => ReadJson(path, fields),
            ".csv" => ReadCsv(path, fields),
            _ when fields.Topic is null => ReadTabs(path),
            _ => throw new DataSourceException($"'{path}': lines of text, tab, summary have no field '{fields.Topic}'. Give JSON"
                + " lines (.jsonl) or CSV (.csv) with --topic-field."),
        };
    }

    private static IEnumerable<Example> ReadTabs(string path)
    {
        foreach (var line in TextLines.Read(path).Where(l => l.Text.Length > 0))
        {
            var parts = line.Text.Split('\t');
            if (parts.Length != 2)
            {
                throw new DataSourceException($"Line {line.Number} of '{path}' has {parts.Length - 1} tabs; each line should be a"
                    + " text, a tab and its summary.");
            }

            yield return Example.Of(parts[0], parts[1]);
        }
    }

    private static IEnumerable<Example> ReadJson(string path, Fields fields)
    {
        foreach (var line in TextLines.Read(path).Where(l => !string.IsNullOrWhiteSpace(l.Text)))
        {
            var where = $"Line {line.Number} of '{path}'";
            using var json = Parse(line.Text, where);
            yield return Of(name => Property(json.RootElement, name, where), fields);
        }
    }

    private static IEnumerable<Example> ReadCsv(string path, Fields fields)
    {
        using var rows = CsvRows.Read(TextFile.Read(path), path).GetEnumerator();
        if (!rows.MoveNext())
            throw new DataSourceException($"'{path}' is empty; its first line should have the names of the columns.");
        var header = rows.Current.Cells;
        while (rows.MoveNext())
        {
            var (cells, line) = rows.Current;
            if (cells.Length != header.Length)
            {
                throw new DataSourceException($"Line {line} of '{path}' has {cells.Length} columns, and the header"
                    + $" {header.Length}.");
            }

            yield return Of(name => cells[Column(header, name, path)], fields);
        }
    }

    private static Example Of(Func<string, string> read, Fields fields) =>
        Example.Of(read(fields.Text), read(fields.Summary), fields.Topic is null ? null : read(fields.Topic));

    private static int Column(string[] header, string name, string path) => Array.IndexOf(header, name) is >= 0 and var column
        ? column
        : throw new DataSourceException($"'{path}' has no column '{name}'; it has {string.Join(", ", header)}."
            + " Name them with --text-field and --summary-field.");

    private static JsonDocument Parse(string text, string where)
    {
        try
        {
            return JsonDocument.Parse(text);
        }
        catch (JsonException malformed)
        {
            throw new DataSourceException($"{where} is not JSON: {malformed.Message}", malformed);
        }
    }

    private static string Property(JsonElement row, string name, string where)
    {
        if (row.ValueKind != JsonValueKind.Object)
            throw new DataSourceException($"{where} is not a JSON object.");
        if (!row.TryGetProperty(name, out var value))
        {
            throw new DataSourceException($"{where} has no field '{name}'; it has"
                + $" {string.Join(", ", row.EnumerateObject().Select(p => p.Name))}. Name them with --text-field and"
                + " --summary-field.");
        }

        return value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw new DataSourceException($"{where}: the field '{name}' is not a string.");
    }
}

/// <summary>
/// Splits CSV into rows (RFC 4180): a cell in double quotes may have commas, line breaks and, doubled, double quotes.
/// </summary>
internal static class CsvRows
{
    /// <summary>Reads the rows of a text with the lines on which they start; blank lines are skipped.</summary>
    /// <exception cref="DataSourceException">A quote is in a wrong place, or is not closed.</exception>
    public static IEnumerable<(string[] Cells, int Line)> Read(string text, string path)
    {
        var (cells, line, at) = (new List<string>(), 1, 0);
        while (at < text.Length)
        {
            var start = line;
            cells.Clear();
            do
                cells.Add(Cell(text, path, ref at, ref line));
            while (at < text.Length && text[at++] == ',');
            if (at > 0 && text[at - 1] == '\r' && at < text.Length && text[at] == '\n')
                at++;
            line++;
            if (cells.Count > 1 || cells[0].Length > 0)
                yield return ([.. cells], start);
        }
    }

    /// <summary>Reads the cell at a place, and moves to what ends it: a comma, a line break or the end.</summary>
    private static string Cell(string text, string path, ref int at, ref int line)
    {
        if (at == text.Length || text[at] != '"')
        {
            var end = text.AsSpan(at).IndexOfAny(",\r\n") is >= 0 and var length ? at + length : text.Length;
            var plain = text[at..end];
            at = end;
            return plain.Contains('"', StringComparison.Ordinal)
                ? throw new DataSourceException($"Line {line} of '{path}' has a double quote within a cell that does not begin"
                    + " with one.")
                : plain;
        }

        var (opened, from) = (line, at + 1);
        for (at = from; ; at++)
        {
            if (at == text.Length)
                throw new DataSourceException($"Line {opened} of '{path}' has a double quote that is not closed.");
            if (text[at] == '\n')
                line++;
            if (text[at] != '"')
                continue;
            if (at + 1 < text.Length && text[at + 1] == '"')
            {
                at++;
                continue;
            }

            var cell = text[from..at++].Replace("\"\"", "\"", StringComparison.Ordinal);
            return at == text.Length || text[at] is ',' or '\r' or '\n'
                ? cell
                : throw new DataSourceException($"Line {line} of '{path}' has text after the double quote that closes a cell.");
        }
    }
}
