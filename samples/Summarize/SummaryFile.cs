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

    private static IEnumerable<Example> ReadCsv(string path, Fields fields) =>
        DelimitedFile.Read(path).Select(row => Of(
            name => row.ColumnNames!.Contains(name)
                ? row[name]
                : throw new DataSourceException($"'{path}' has no column '{name}'; it has {string.Join(", ", row.ColumnNames!)}."
                    + " Name them with --text-field and --summary-field."), fields));

    private static Example Of(Func<string, string> read, Fields fields) =>
        Example.Of(read(fields.Text), read(fields.Summary), fields.Topic is null ? null : read(fields.Topic));

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
