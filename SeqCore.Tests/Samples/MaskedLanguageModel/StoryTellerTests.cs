using System.Text.RegularExpressions;
using SeqCore.Models;
using SeqCore.Samples.MaskedLanguageModel;

namespace SeqCore.Tests.Samples.MaskedLanguageModel;

public partial class StoryTellerTests
{
    private static readonly string book = StoryTeller.Book(100_000);

    [Fact]
    public void The_book_is_long_enough_and_always_the_same()
    {
        book.Length.Should().BeInRange(100_000, 100_300);
        StoryTeller.Book(100_000).Should().Be(book);
        StoryTeller.Book(1000, seed: 2).Should().NotBe(book[..1000]);
        book.Should().EndWith(".\n");
        book.Split('\n')[..^1].Should().OnlyContain(line => char.IsUpper(line[0]) && line.EndsWith('.'));
    }

    [Fact]
    public void Its_words_are_few_and_its_stories_many()
    {
        new WordTokenizer(book).Count.Should().BeInRange(120, 160);
        var stories = book.Split('\n')[..^1];
        stories.Distinct().Count().Should().BeGreaterThan(stories.Length / 2);
    }

    [Fact]
    public void Sums_are_right()
    {
        var stories = Gathering().Matches(book).Select(m => (Number(m, 1) + Number(m, 2), Number(m, 3)))
            .Concat(Losing().Matches(book).Select(m => (Number(m, 1) - Number(m, 2), Number(m, 3)))).ToList();
        stories.Should().HaveCountGreaterThan(200).And.OnlyContain(s => s.Item1 == s.Item2);

        static int Number(Match match, int group) => Props.Numbers.ToList().IndexOf(match.Groups[group].Value);
    }

    [Fact]
    public void Pronouns_fit_names()
    {
        var gifts = Giving().Matches(book);
        gifts.Count.Should().BeGreaterThan(100);
        foreach (Match gift in gifts)
            gift.Groups[2].Value.Should().Be(Person.All.Single(p => p.Name == gift.Groups[1].Value).IsFemale ? "She" : "He");
    }

    [Fact]
    public void Days_follow_one_another_and_the_bigger_animal_is_bigger()
    {
        foreach (Match days in Days().Matches(book))
        {
            var today = Props.Days.ToList().IndexOf(days.Groups[1].Value);
            (days.Groups[2].Value, days.Groups[3].Value).Should().Be((Props.Days[(today + 1) % 7], Props.Days[(today + 6) % 7]));
        }

        var sizes = Bigger().Matches(book);
        sizes.Count.Should().BeGreaterThan(50);
        foreach (Match size in sizes)
        {
            Animal.BySize.ToList().IndexOf(size.Groups[1].Value)
                .Should().BeGreaterThan(Animal.BySize.ToList().IndexOf(size.Groups[2].Value));
        }
    }

    [GeneratedRegex(@"has (\w+) \w+\. \w+ gives \w+ (\w+) more\. Now \w+ has (\w+) ")]
    private static partial Regex Gathering();

    [GeneratedRegex(@"has (\w+) \w+\. \w+ loses (\w+) of them\. Now \w+ has only (\w+) ")]
    private static partial Regex Losing();

    [GeneratedRegex(@"(\w+) has a \w+ \w+\. (\w+) gives")]
    private static partial Regex Giving();

    [GeneratedRegex(@"Today is (\w+), so tomorrow is (\w+) and yesterday was (\w+)\.")]
    private static partial Regex Days();

    [GeneratedRegex(@"The (\w+) is bigger than the (\w+),")]
    private static partial Regex Bigger();
}
