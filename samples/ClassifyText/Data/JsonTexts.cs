using System.Text.Json;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.ClassifyText;

/// <summary>Reads texts and labels from JSON lines; blank lines are skipped.</summary>
internal static class JsonTexts
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="DataSourceException">
    /// The file cannot be read, or a line does not fit; the message names it.
    /// </exception>
    public static LabelledFile Read(string path, TextFormat format)
    {
        var fields = Fields(path);
        var (text, label) = (format.Text ?? Find(TextFormat.TextNames), format.Label ?? Find(TextFormat.LabelNames));
        var numbers = TextLines.Read(path).Where(l => !string.IsNullOrWhiteSpace(l.Text)).Select(l => l.Number);
        SourcedText[] texts = [.. JsonLines.ReadLabelled(path, text, label).Zip(numbers, (t, line) =>
            new SourcedText(t with { Text = t.Text.Trim() }, path, line))];
        if (texts.Length == 0)
            throw new DataSourceException($"'{path}' is empty. Each line should be a JSON object with '{text}' and '{label}'.");
        foreach (var one in texts)
        {
            if (one.Text.Text.Length == 0)
                throw new DataSourceException($"{one.Place}: the property '{text}' is empty. Remove the line.");
            if (one.Text.Labels.Any(string.IsNullOrWhiteSpace))
                throw new DataSourceException($"{one.Place}: the property '{label}' has an empty label.");
            if (format.Separator is null && one.Text.Labels.Count != 1)
            {
                throw new DataSourceException($"{one.Place}: the property '{label}' has"
                    + $" {Show.Number(one.Text.Labels.Count, "label")}; each text should have one."
                    + " Add --labels several if texts can have any number.");
            }
        }

        var isUsual = (format.Text ?? text, format.Label ?? label) == (format.Text ?? "text", format.Label ?? "label");
        return new LabelledFile(texts, isUsual ? null : $"'{path}': texts in the field '{text}', labels in '{label}'.");

        string Find(IReadOnlyList<string> usual)
        {
            var found = usual.Select(u => fields.FirstOrDefault(f => f.Equals(u, StringComparison.OrdinalIgnoreCase)))
                .FirstOrDefault(f => f is not null);
            if (found is null && fields.Count > 0)
            {
                throw new DataSourceException($"'{path}' has objects with {string.Join(", ", fields)}, none of which is a usual"
                    + $" name for a {usual[0]}. Name the fields with --text-field and --label-field.");
            }

            return found ?? usual[0];
        }
    }

    /// <summary>The names in the first object; none where the first line is not an object, which its reader reports.</summary>
    /// <exception cref="DataSourceException">The file cannot be read or holds an array.</exception>
    private static IReadOnlyList<string> Fields(string path)
    {
        var first = TextLines.Read(path).FirstOrDefault(l => !string.IsNullOrWhiteSpace(l.Text));
        if (first.Text?.TrimStart().StartsWith('[') == true)
        {
            throw new DataSourceException($"{TextLines.Place(path, first.Number)}: an array begins here. The file should hold"
                + " JSON lines: one object on each line.");
        }

        try
        {
            using var json = JsonDocument.Parse(first.Text ?? "");
            return json.RootElement.ValueKind == JsonValueKind.Object
                ? [.. json.RootElement.EnumerateObject().Select(p => p.Name)]
                : [];
        }
        catch (Exception unread) when (unread is JsonException or InvalidOperationException)
        {
            return [];
        }
    }
}
