using System.Text.RegularExpressions;

namespace SeqCore.Tests.Architecture;

/// <summary>
/// The walks through the files in docs/ARCHITECTURE.md: numbered lists of a path and a member. They have as many files as the
/// text says, cross none twice, and each step's file has the member and names what the next step has.
/// </summary>
public partial class WalkTests
{
    private static readonly string[] Numbers =
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
            "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"];

    [Theory]
    [InlineData("An LSTM's forward pass crosses ")]
    [InlineData("A Transformer's attention crosses ")]
    public void A_forward_pass_crosses_the_files_that_the_text_lists_and_returns_to_none(string beginning)
    {
        var (count, steps) = Walk(beginning);
        steps.Should().HaveCount(count).And.OnlyHaveUniqueItems(s => s.Path);
        for (var i = 0; i < steps.Count; i++)
        {
            var text = Repository.Read(steps[i].Path);
            text.Should().MatchRegex($@"\b{steps[i].Member}\b(<[\w, ]+>)?\(", $"{steps[i].Path} should have {steps[i].Member}");
            if (i + 1 < steps.Count)
                text.Should().MatchRegex($@"\b{steps[i + 1].Member}\b(<[\w, <>]+>)?\(",
                    $"{steps[i].Path} should call {steps[i + 1].Member} of {steps[i + 1].Path}");
        }
    }

    [Fact]
    public void The_readme_gives_the_same_number() =>
        Repository.Read("README.md").ReplaceLineEndings(" ").Should().Contain(
            $"a reader crosses {Numbers[Walk("An LSTM's forward pass crosses ").Count]} files and");

    private static (int Count, IReadOnlyList<(string Path, string Member)> Steps) Walk(string beginning)
    {
        var text = Repository.Read("docs/ARCHITECTURE.md");
        text = text[text.IndexOf(beginning, StringComparison.Ordinal)..];
        var number = text[beginning.Length..].Split(' ')[0];
        var steps = new List<(string, string)>();
        foreach (Match step in Step().Matches(text))
        {
            if (int.Parse(step.Groups[1].ValueSpan, null) != steps.Count + 1)
                break;
            steps.Add((step.Groups[2].Value, step.Groups[3].Value));
        }

        return (Array.IndexOf(Numbers, number), steps);
    }

    [GeneratedRegex(@"^(\d+)\. \[`([^`]+)`\]\([^)]+\), `(\w+)`", RegexOptions.Multiline)]
    private static partial Regex Step();
}
