using System.Text.RegularExpressions;

namespace SeqCore.Tests.Architecture;

/// <summary>The code that the documents show is the code that is there.</summary>
public partial class BookTests
{
    public static TheoryData<string> Documents =>
    [
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(Repository.Root, f).Replace('\\', '/')).Append("README.md")
            .Append("CONTRIBUTING.md"),
    ];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Excerpts_are_lines_of_the_file_that_they_name(string document)
    {
        foreach (Match excerpt in Excerpt().Matches(Repository.Read(document)))
        {
            var source = Lines(Repository.Read(excerpt.Groups["path"].Value));

            // A line "// ..." means lines left out.
            foreach (var part in excerpt.Groups["code"].Value.Split("// ...\n"))
                source.Should().Contain(Lines(part), $"{document} quotes {excerpt.Groups["path"].Value}");
        }
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Links_lead_to_files(string document)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Repository.Root, document))!;
        var links = Link().Matches(Repository.Read(document)).Select(m => m.Groups["to"].Value)
            .Where(to => !to.StartsWith("http") && !to.StartsWith('#'));
        links.Where(to => !Path.Exists(Path.Combine(folder, to.Split('#')[0]))).Should().BeEmpty();
    }

    private static string Lines(string text) =>
        string.Join('\n', text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));

    /// <summary>From `path`: and a block of code.</summary>
    [GeneratedRegex(@"^From `(?<path>[^`]+)`:\n+```csharp\n(?<code>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Excerpt();

    [GeneratedRegex(@"\]\((?<to>[^)\s]+)\)")]
    private static partial Regex Link();
}
