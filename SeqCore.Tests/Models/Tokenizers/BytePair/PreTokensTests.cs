using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using SeqCore.Models;

namespace SeqCore.Tests.Models.Tokenizers.BytePair;

public partial class PreTokensTests
{
    [Theory]
    [InlineData("Hello world", "Hello| world")]
    [InlineData("I'll we've don't 's 'S", "I|'ll| we|'ve| don|'t| '|s| '|S")]
    [InlineData("a  b", "a| | b")]
    [InlineData("a \n b", "a| \n| b")]
    [InlineData("a\n\nb", "a|\n|\n|b")]
    [InlineData("end   ", "end|   ")]
    [InlineData(" ", " ")]
    [InlineData("x1 23!? 4", "x|1| 23|!?| 4")]
    [InlineData("\t'll", "\t|'ll")]
    [InlineData("\U0001D400b \U0001D7D8 \U0001F600\U0001F600", "\U0001D400b| \U0001D7D8| \U0001F600\U0001F600")]
    public void Texts_are_split_as_GPT_2_does(string text, string parts) => string.Join('|', Split(text)).Should().Be(parts);

    [Fact]
    public void The_split_is_that_of_the_pattern_for_random_texts()
    {
        foreach (var text in FuzzedText.Many(seed: 1, count: 20_000))
            Split(text).Should().Equal(SplitByPattern(text));
    }

    [Fact]
    public void The_split_is_that_of_the_pattern_for_every_character()
    {
        for (var value = 0; value < 0x30000; value++)
        {
            if (!Rune.TryCreate(value, out var character) || value == '|')
                continue;
            var text = $"a{character}1{character}\n{character} {character}";
            if (!Split(text).SequenceEqual(SplitByPattern(text)))
                Assert.Fail($"U+{value:X4}: {string.Join('|', Split(text))}");
        }
    }

    private static List<string> Split(string text)
    {
        var parts = new List<string>();
        for (var at = 0; at < text.Length; at += parts[^1].Length)
            parts.Add(text.Substring(at, PreTokens.LengthOfFirst(text.AsSpan(at))));
        return parts;
    }

    /// <summary>
    /// Splits by the pattern. .NET's Regex sees the halves of characters outside the basic plane, so each of these is replaced by
    /// one of the basic plane that is of the same class.
    /// </summary>
    private static IEnumerable<string> SplitByPattern(string text)
    {
        Rune[] characters = [.. text.EnumerateRunes()];
        var alike = string.Concat(characters.Select(c => c.IsBmp ? (char)c.Value : Rune.GetUnicodeCategory(c) switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
                or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => '\u01C5',
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => '\u00B2',
            _ => '\u263A',
        }));
        return Pattern().Matches(alike).Select(m => string.Concat(characters[m.Index..(m.Index + m.Length)]));
    }

    [GeneratedRegex(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")]
    internal static partial Regex Pattern();
}
