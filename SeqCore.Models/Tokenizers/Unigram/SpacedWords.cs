using System.Globalization;
using System.Text;

namespace SeqCore.Models;

/// <summary>
/// Splits a text where pieces may not go on: each space begins a word, which the next white space ends; other white space is a
/// word of its own, character by character.
/// </summary>
internal static class SpacedWords
{
    /// <summary>Returns the number of UTF-16 units of the first word of a text, which is not empty.</summary>
    internal static int LengthOfFirst(ReadOnlySpan<char> text)
    {
        if (char.IsWhiteSpace(text[0]) && text[0] != ' ')
            return 1;
        var length = 1;
        while (length < text.Length && !char.IsWhiteSpace(text[length]))
            length++;
        return length;
    }

    /// <summary>
    /// Returns the number of UTF-16 units of the first part of a word within which training makes pieces: behind a space, all
    /// characters are letters and marks, or all are numbers, or none is either.
    /// </summary>
    internal static int LengthOfOneClass(ReadOnlySpan<char> word)
    {
        var at = word[0] == ' ' && word.Length > 1 ? 1 : 0;
        var kind = ClassAt(word[at..], out var length);
        for (at += length; at < word.Length && ClassAt(word[at..], out length) == kind;)
            at += length;
        return at;
    }

    private static int ClassAt(ReadOnlySpan<char> text, out int length)
    {
        Rune.DecodeFromUtf16(text, out var character, out length);
        return Rune.GetUnicodeCategory(character) switch
        {
            <= UnicodeCategory.EnclosingMark => 0,
            <= UnicodeCategory.OtherNumber => 1,
            _ => 2,
        };
    }
}
