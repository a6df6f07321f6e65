using System.Xml.Linq;
using SeqCore.Samples.Book;
using SeqCore.Tests.Architecture;

namespace SeqCore.Tests.Samples;

/// <summary>The book's figures are those that samples/Book draws.</summary>
public class BookFiguresTests
{
    public static TheoryData<string> Names => [.. BookFigures.Names];

    public static TheoryData<string> Files =>
    [
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, BookFigures.Folder), "*.svg").Select(f => Path.GetFileName(f)!),
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_figure_is_what_the_code_draws(string name) =>
        new BookFigures(Repository.Root).Draw(name).Should().Be(Repository.Read(BookFigures.PathOf(name)),
            "'dotnet run --project samples/Book' draws it");

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_figure_is_shown_and_follows_the_readers_colour_scheme(string file)
    {
        var text = Repository.Read($"{BookFigures.Folder}/{file}");
        XDocument.Parse(text).Root!.Attribute("aria-label")!.Value.Should().NotBeEmpty();
        text.Should().Contain("prefers-color-scheme:dark");
        var chapters = new BookPages(Repository.Root).Chapters.Select(c => Repository.Read($"{BookPages.Folder}/{c.File}"));
        chapters.Where(c => c.Contains($"](figures/{file})")).Should().NotBeEmpty();
    }
}
