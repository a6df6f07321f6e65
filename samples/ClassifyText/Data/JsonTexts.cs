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
        var (text, label) = (format.Text ?? "text", format.Label ?? "label");
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

        return new LabelledFile(texts);
    }
}
