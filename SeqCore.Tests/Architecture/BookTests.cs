using System.Text.RegularExpressions;
using SeqCore.Samples.Book;

namespace SeqCore.Tests.Architecture;

/// <summary>The code that the documents show is the code that is there.</summary>
public partial class BookTests
{
    private static readonly BookPages Pages = new(Repository.Root);

    public static TheoryData<string> Documents => [.. Pages.Documents];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Excerpts_are_lines_of_the_file_that_they_name(string document)
    {
        var text = Repository.Read(document);
        var excerpts = Excerpt().Matches(text);
        excerpts.Should().HaveCount(text.Split('\n').Count(l => l.StartsWith("From `") || l.StartsWith("From [`")));
        foreach (Match excerpt in excerpts)
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

    [Theory]
    [MemberData(nameof(Documents))]
    public void Excerpts_link_to_their_lines_and_chapters_to_one_another(string document) =>
        Repository.Read(document).Should().Be(Pages.Renew(document), "'dotnet run --project samples/Book' writes these links");

    [Fact]
    public void The_index_has_each_chapter_once()
    {
        var lines = IndexLine().Matches(Repository.Read($"{BookPages.Folder}/README.md"));
        lines.Select(m => m.Groups["link"].Value).Should()
            .BeEquivalentTo(Pages.Chapters.Select(c => $"[{c.Number}. {c.Title}]({c.File})"));
    }

    [Fact]
    public void The_readme_links_to_each_chapter() =>
        Pages.Chapters.Select(c => $"{BookPages.Folder}/{c.File}").Where(p => !Repository.Read("README.md").Contains($"]({p})"))
            .Should().BeEmpty();

    [Fact]
    public void Chapters_are_numbered_from_0_without_gaps() =>
        Pages.Chapters.Select(c => c.Number).Should().Equal(Enumerable.Range(0, Pages.Chapters.Count));

    private static string Lines(string text) =>
        string.Join('\n', text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));

    /// <summary>From [`path`](link): and a block of code.</summary>
    [GeneratedRegex(@"^From \[`(?<path>[^`]+)`\]\([^)]+\):\n+```csharp\n(?<code>.*?)^```",
        RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Excerpt();

    [GeneratedRegex(@"^\| (?<link>\[\d+\. [^]]+\]\([^)]+\)) \|", RegexOptions.Multiline)]
    private static partial Regex IndexLine();

    [GeneratedRegex(@"\]\((?<to>[^)\s]+)\)")]
    private static partial Regex Link();
}
