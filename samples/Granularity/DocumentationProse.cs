using System.Text;
using System.Text.RegularExpressions;

namespace SeqCore.Samples.Granularity;

/// <summary>
/// The built-in text: the sentences of this repository's documentation, without code, tables and addresses of links. It is
/// English as people write it, with the rare words that make vocabularies of words hard.
/// </summary>
internal static partial class DocumentationProse
{
    /// <summary>Reads the documents in the order of their names.</summary>
    public static string Read()
    {
        var assembly = typeof(DocumentationProse).Assembly;
        var text = new StringBuilder();
        foreach (var name in assembly.GetManifestResourceNames().Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            Append(text, reader.ReadToEnd());
        }

        return WithoutAddresses(text.ToString());
    }

    /// <summary>Replaces each link by its words, which may be on two lines.</summary>
    internal static string WithoutAddresses(string text) => Link().Replace(text, "$1");

    /// <summary>Appends the prose of a document in Markdown, with an empty line between paragraphs.</summary>
    internal static void Append(StringBuilder text, string markdown)
    {
        var isCode = false;
        foreach (var line in markdown.ReplaceLineEndings("\n").Split('\n').Append(""))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
                isCode = !isCode;
            else if (!isCode && !NoProse().IsMatch(line) && !(line.Length == 0 && EndsParagraph(text)))
                text.Append(line).Append('\n');
        }
    }

    private static bool EndsParagraph(StringBuilder text) => text.Length == 0 || (text.Length > 1 && text[^2] == '\n');

    /// <summary>Indented code, tables, comments and pictures.</summary>
    [GeneratedRegex(@"^(    |\||<|!\[)")]
    private static partial Regex NoProse();

    [GeneratedRegex(@"\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\([^)]*\)")]
    private static partial Regex Link();
}
