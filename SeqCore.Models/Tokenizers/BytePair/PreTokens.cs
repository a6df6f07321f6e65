using System.Globalization;
using System.Text;

namespace SeqCore.Models;

/// <summary>
/// Splits a text as GPT-2 does before it merges bytes: into the endings 's, 't, 're, 've, 'm, 'll and 'd; runs of letters, of
/// numbers or of other characters, each with a space before it; and white space. It finds what the pattern
/// <c>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</c> does, without the cost of a Regex, and takes
/// characters outside the basic plane as what they are, where .NET's Regex sees two halves.
/// </summary>
internal static class PreTokens
{
    private const byte Other = 0, Letter = 1, Number = 2, Space = 3;

    /// <summary>The class of each character of ASCII.</summary>
    private static readonly byte[] ascii = [.. Enumerable.Range(0, 128).Select(c => ClassOf(new Rune(c)))];

    /// <summary>Returns the number of UTF-16 units of the first part of a text, which is well formed and not empty.</summary>
    internal static int LengthOfFirst(ReadOnlySpan<char> text)
    {
        if (text[0] == '\'' && LengthOfEnding(text) is > 0 and var ending)
            return ending;
        var start = text[0] == ' ' && text.Length > 1 ? 1 : 0;
        var kind = ClassAt(text, start, out var length);
        if (kind != Space)
        {
            var at = start + length;
            while (at < text.Length && ClassAt(text, at, out length) == kind)
                at += length;
            return at;
        }

        // The last of several white-space characters is left to what follows, if anything does.
        var end = start + length;
        while (end < text.Length && ClassAt(text, end, out length) == Space)
            end += length;
        return end < text.Length && end > 1 ? end - 1 : end;
    }

    private static int LengthOfEnding(ReadOnlySpan<char> text) => text.Length < 2 ? 0 : text[1] switch
    {
        's' or 't' or 'm' or 'd' => 2,
        'r' or 'v' when text.Length > 2 && text[2] == 'e' => 3,
        'l' when text.Length > 2 && text[2] == 'l' => 3,
        _ => 0,
    };

    private static byte ClassAt(ReadOnlySpan<char> text, int at, out int length)
    {
        length = 1;
        if (text[at] < 128)
            return ascii[text[at]];
        Rune.DecodeFromUtf16(text[at..], out var character, out length);
        return ClassOf(character);
    }

    private static byte ClassOf(Rune character) => Rune.IsWhiteSpace(character) ? Space
        : Rune.GetUnicodeCategory(character) switch
        {
            <= UnicodeCategory.OtherLetter => Letter,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Number,
            _ => Other,
        };
}
