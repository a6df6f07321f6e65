using System.Globalization;
using System.Text.RegularExpressions;

namespace SeqCore.Samples.Book;

/// <summary>One chapter of the book.</summary>
/// <param name="Number">The number, from 0.</param>
/// <param name="File">The name of the file in docs/book.</param>
/// <param name="Title">The title without the number.</param>
internal sealed record Chapter(int Number, string File, string Title);

/// <summary>
/// Keeps the links of the documents: an excerpt links to the line of its source, a chapter's number to the chapter, and the last
/// line of a chapter to the previous chapter, the index and the next one.
/// </summary>
/// <param name="root">The folder of the checkout.</param>
internal sealed partial class BookPages(string root)
{
    /// <summary>The folder of the chapters, from the root.</summary>
    internal const string Folder = "docs/book";

    private const string Index = "README.md";

    /// <summary>The chapters in the order of their numbers.</summary>
    internal IReadOnlyList<Chapter> Chapters { get; } =
    [
        .. Directory.EnumerateFiles(Path.Combine(root, Folder), "*.md").Select(f => Path.GetFileName(f))
            .Where(f => f != Index).Order(StringComparer.Ordinal).Select(f => Read(root, f)),
    ];

    /// <summary>The documents that may have excerpts, by their paths from the root.</summary>
    internal IReadOnlyList<string> Documents { get; } =
    [
        .. Directory.EnumerateFiles(Path.Combine(root, "docs"), "*.md", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(root, f).Replace('\\', '/')).Order(StringComparer.Ordinal),
        "README.md",
        "CONTRIBUTING.md",
    ];

    /// <summary>A document with all its links renewed.</summary>
    /// <param name="document">The path of the document from the root.</param>
    /// <exception cref="FormatException">An excerpt is not in the file that it names, or a chapter does not exist.</exception>
    internal string Renew(string document)
    {
        var text = SourceLink().Replace(File.ReadAllText(Path.Combine(root, document)), m =>
        {
            var source = m.Groups["path"].Value;
            var relative = Path.GetRelativePath(Path.GetDirectoryName(document)!, source).Replace('\\', '/');
            return $"From [`{source}`]({relative}#L{Line(source, m.Groups["code"].Value)}):{m.Groups["between"].Value}"
                + m.Groups["code"].Value;
        });
        if (Path.GetDirectoryName(document)!.Replace('\\', '/') != Folder)
            return text;
        text = Pair().Replace(text, m => $"{m.Groups[1].Value} [{m.Groups[2].Value}]({FileOf(m.Groups[2])})"
            + $" and [{m.Groups[3].Value}]({FileOf(m.Groups[3])})");
        text = Reference().Replace(text, m => $"[{m.Groups["word"].Value}{m.Groups["n"].Value}]({FileOf(m.Groups["n"])})");
        text = Number().Replace(text, m => $"[{m.Groups[1].Value}]({FileOf(m.Groups[1])})");
        return Path.GetFileName(document) == Index ? text : WithNavigation(text, Path.GetFileName(document));
    }

    private static Chapter Read(string root, string file)
    {
        using var lines = new StreamReader(Path.Combine(root, Folder, file));
        var title = Title().Match(lines.ReadLine() ?? "");
        var number = int.Parse(file.AsSpan(0, 2), CultureInfo.InvariantCulture);
        return title.Success && int.Parse(title.Groups[1].ValueSpan, CultureInfo.InvariantCulture) == number
            ? new Chapter(number, file, title.Groups[2].Value)
            : throw new FormatException($"{file} should begin with '# {number}. ' and its title.");
    }

    private string WithNavigation(string text, string file)
    {
        var at = Chapters.Index().Single(c => c.Item.File == file).Index;
        string?[] links =
        [
            at == 0 ? null : $"[← {Chapters[at - 1].Number}. {Chapters[at - 1].Title}]({Chapters[at - 1].File})",
            $"[Index]({Index})",
            at == Chapters.Count - 1
                ? null
                : $"[{Chapters[at + 1].Number}. {Chapters[at + 1].Title} →]({Chapters[at + 1].File})",
        ];
        return $"{Navigation().Replace(text, "").TrimEnd()}\n\n{string.Join(" · ", links.OfType<string>())}\n";
    }

    private string FileOf(Group number) =>
        Chapters.FirstOrDefault(c => c.Number == int.Parse(number.ValueSpan, CultureInfo.InvariantCulture))?.File
            ?? throw new FormatException($"There is no chapter {number.Value}.");

    /// <summary>The line of a source, from 1, at which an excerpt begins, by its code before the first "// ...".</summary>
    private int Line(string source, string code)
    {
        var lines = Numbered(File.ReadAllText(Path.Combine(root, source)));
        string[] part = [.. Numbered(code.Split("// ...\n")[0]).Select(l => l.Text).Where(t => !IsFence(t))];
        for (var i = 0; i + part.Length <= lines.Length; i++)
        {
            if (lines.AsSpan(i, part.Length).ToArray().Select(l => l.Text).SequenceEqual(part))
                return lines[i].Number;
        }

        throw new FormatException($"{source} does not have the lines that begin with '{part.FirstOrDefault()}'.");
    }

    private static bool IsFence(string line) => line.StartsWith("```", StringComparison.Ordinal);

    private static (int Number, string Text)[] Numbered(string text) =>
        [.. text.Split('\n').Select((line, i) => (i + 1, line.Trim())).Where(l => l.Item2.Length > 0)];

    [GeneratedRegex(@"^# (\d+)\. (.+)$")]
    private static partial Regex Title();

    [GeneratedRegex(@"^From \[?`(?<path>[^`]+)`(?:\]\([^)]*\))?:(?<between>\n+)(?<code>```csharp\n.*?^```)",
        RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex SourceLink();

    [GeneratedRegex(@"\[?(?<word>\b[Cc]hapter\s+)(?<n>\d+)(?:\]\([^)]*\))?")]
    private static partial Regex Reference();

    [GeneratedRegex(@"\b([Cc]hapters) (\d+) and (\d+)")]
    private static partial Regex Pair();

    [GeneratedRegex(@"\[(\d+)\]\([^)]*\)")]
    private static partial Regex Number();

    /// <summary>The last line of a chapter.</summary>
    [GeneratedRegex(@"^(\[← .*|\[Index\]\(.*)\n*\z", RegexOptions.Multiline)]
    private static partial Regex Navigation();
}
