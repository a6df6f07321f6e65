using System.Globalization;
using System.Text;

namespace SeqCore.Samples.Granularity;

/// <summary>Splits a text into parts that together are exactly the text.</summary>
internal static class TextUnits
{
    /// <summary>Splits a text into its characters (code points).</summary>
    public static IReadOnlyList<string> Characters(string text) => [.. text.EnumerateRunes().Select(r => r.ToString())];

    /// <summary>
    /// Splits a text into words, with apostrophes inside them, and single marks, each with one space before it if there is one;
    /// other white space is a part of its own, character by character.
    /// </summary>
    public static IReadOnlyList<string> Words(string text)
    {
        var parts = new List<string>();
        for (var at = 0; at < text.Length;)
        {
            var start = text[at] == ' ' && at + 1 < text.Length && !char.IsWhiteSpace(text[at + 1]) ? at + 1 : at;
            var length = LengthOfWord(text.AsSpan(start));
            if (length == 0)
                Rune.DecodeFromUtf16(text.AsSpan(start), out _, out length);
            parts.Add(text[at..(start + length)]);
            at = start + length;
        }

        return parts;
    }

    private static int LengthOfWord(ReadOnlySpan<char> text)
    {
        var length = 0;
        while (length < text.Length)
        {
            var next = LengthOfLetter(text[length..]);
            if (next == 0 && length > 0 && text[length] is '\'' or '\u2019')
                next = LengthOfLetter(text[(length + 1)..]) is > 0 and var after ? 1 + after : 0;
            if (next == 0)
                break;
            length += next;
        }

        return length;
    }

    /// <summary>
    /// The number of UTF-16 units of the letter, digit or mark upon letters at the beginning of a text; 0 for none.
    /// </summary>
    private static int LengthOfLetter(ReadOnlySpan<char> text)
    {
        Rune.DecodeFromUtf16(text, out var character, out var length);
        return !text.IsEmpty && (Rune.IsLetterOrDigit(character) || Rune.GetUnicodeCategory(character)
            is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark) ? length : 0;
    }
}
