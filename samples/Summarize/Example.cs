using System.Text.RegularExpressions;

namespace SeqCore.Samples.Summarize;

/// <summary>A text and its summary.</summary>
/// <param name="Text">The text; its line breaks stay, since they separate the turns of a dialogue.</param>
/// <param name="Summary">The summary, on one line.</param>
/// <param name="Topic">What the text is about; null if that is not told.</param>
internal sealed partial record Example(string Text, string Summary, string? Topic = null)
{
    /// <summary>What a model reads: the text after a line with the topic, if there is one.</summary>
    public string Source => Topic is null ? Text : $"{Topic}\n{Text}";

    /// <summary>Makes an example, with single spaces and no blank lines.</summary>
    /// <param name="text">The text.</param>
    /// <param name="summary">The summary.</param>
    /// <param name="topic">What the text is about; null if that is not told.</param>
    public static Example Of(string text, string summary, string? topic = null) =>
        new(Clean(text), Spaces().Replace(summary, " ").Trim(), topic?.Trim());

    /// <summary>A text as models read it: single spaces, no blank lines.</summary>
    public static string Clean(string text) =>
        string.Join('\n', text.Split('\n', '\r').Select(l => Spaces().Replace(l, " ").Trim()).Where(l => l.Length > 0));

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
