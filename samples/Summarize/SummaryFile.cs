using System.Globalization;
using System.Text.Json;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.Summarize;

/// <summary>Reads texts with summaries from plain files or gzip files.</summary>
internal static class SummaryFile
{
    private const string Hint = "Name the fields with --text-field, --summary-field and --topic-field.";

    /// <summary>
    /// Reads JSON lines (*.jsonl, *.json), CSV with a header (*.csv), or lines of text, tab, summary (any other name).
    /// </summary>
    /// <exception cref="DataSourceException">
    /// The file cannot be read, or has no example, or a text or summary is empty; the message names the place.
    /// </exception>
    /// <exception cref="UserException">A field is named twice.</exception>
    public static IEnumerable<Example> Read(string path, Fields fields)
    {
        fields.RequireDifferent();
        var name = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        return Some(path, Path.GetExtension(name).ToLowerInvariant() switch
        {
            ".jsonl" or ".json" => ReadJson(path, fields),
            ".csv" => ReadCsv(path, fields),
            _ when fields.Topic is null => ReadTabs(path),
            _ => throw new DataSourceException($"'{path}': lines of text, tab, summary have no field '{fields.Topic}'. Give JSON"
                + " lines (.jsonl) or CSV (.csv) with --topic-field."),
        });
    }

    private static IEnumerable<Example> Some(string path, IEnumerable<Example> examples)
    {
        var isEmpty = true;
        foreach (var example in examples)
        {
            isEmpty = false;
            yield return example;
        }

        if (isEmpty)
            throw new DataSourceException($"'{path}' is empty: it has no text with a summary.");
    }

    private static IEnumerable<Example> ReadTabs(string path)
    {
        foreach (var line in TextLines.Read(path).Where(l => l.Text.Length > 0))
        {
            var parts = line.Text.Split('\t');
            if (parts.Length != 2)
            {
                var column = parts.Length == 1 ? line.Text.Length + 1 : parts[0].Length + parts[1].Length + 2;
                throw Error(column, $"the line has {Show.Number(parts.Length - 1, "tab")}; each line should be a text, a tab and"
                    + " its summary");
            }

            yield return Of(parts[0], parts[1], null,
                problem => Error(1, problem), problem => Error(parts[0].Length + 2, problem));

            DataSourceException Error(int column, string problem) =>
                new($"{TextLines.Place(path, line.Number, column)}: {problem}.");
        }
    }

    private static IEnumerable<Example> ReadJson(string path, Fields fields)
    {
        foreach (var line in TextLines.Read(path).Where(l => !string.IsNullOrWhiteSpace(l.Text)))
        {
            var where = TextLines.Place(path, line.Number);
            using var json = Parse(path, line);
            yield return Of(name => Property(json.RootElement, name, where),
                (name, problem) => new($"{where}: the field '{name}' is not usable: {problem}."), fields);
        }
    }

    private static IEnumerable<Example> ReadCsv(string path, Fields fields) =>
        DelimitedFile.Read(path).Select(row => Of(name => row[Column(path, row, name)],
            (name, problem) => row.Error(Column(path, row, name), problem), fields));

    /// <summary>A column by its name, or by its number where no column has that name.</summary>
    private static TableColumn Column(string path, TableRow row, string name)
    {
        if (row.ColumnNames!.Contains(name))
            return name;
        return int.TryParse(name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number != 0
            && number >= -row.Count && number <= row.Count
            ? number
            : throw new DataSourceException($"'{path}' has no column '{name}'; it has"
                + $" {string.Join(", ", row.ColumnNames!)}. {Hint}");
    }

    private static Example Of(Func<string, string> read, Func<string, string, DataSourceException> error, Fields fields) =>
        Of(read(fields.Text), read(fields.Summary), fields.Topic is null ? null : read(fields.Topic),
            problem => error(fields.Text, problem), problem => error(fields.Summary, problem));

    private static Example Of(string text, string summary, string? topic, Func<string, DataSourceException> ofText,
        Func<string, DataSourceException> ofSummary)
    {
        var example = Example.Of(text, summary, topic);
        if (example.Text.Length == 0)
            throw ofText("the text is empty");
        return example.Summary.Length > 0 ? example : throw ofSummary("the summary is empty");
    }

    private static JsonDocument Parse(string path, TextLine line)
    {
        try
        {
            return JsonDocument.Parse(line.Text);
        }
        catch (JsonException malformed)
        {
            // The parser counts bytes of UTF-8, and its own message repeats the place.
            throw new DataSourceException($"{TextLines.Place(path, line.Number, malformed.BytePositionInLine + 1)}: this is not"
                + $" JSON: {malformed.Message.Split(" LineNumber:")[0]}", malformed);
        }
    }

    private static JsonElement Field(JsonElement row, string name, string where)
    {
        try
        {
            return row.TryGetProperty(name, out var value) ? value : throw new DataSourceException(
                $"{where}: there is no field '{name}', only"
                + $" {WeightedText.Plain(string.Join(", ", row.EnumerateObject().Select(p => p.Name)))}. {Hint}");
        }
        catch (InvalidOperationException half)
        {
            throw new DataSourceException($"{where}: the name of a field has half of a surrogate pair, such as \\ud800, which is"
                + " not text.", half);
        }
    }

    private static string Property(JsonElement row, string name, string where)
    {
        if (row.ValueKind != JsonValueKind.Object)
            throw new DataSourceException($"{where}: this is not a JSON object.");
        var value = Field(row, name, where);
        if (value.ValueKind != JsonValueKind.String)
            throw new DataSourceException($"{where}: the field '{name}' is not a string.");
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException half)
        {
            throw new DataSourceException($"{where}: the field '{name}' has half of a surrogate pair, such as \\ud800, which is"
                + " not text.", half);
        }
    }
}
