using System.Globalization;
using System.Text;

namespace SeqCore.Models;

/// <summary>Which characters words are made of: letters, digits, and the marks that combine with them.</summary>
internal static class WordCharacters
{
    /// <summary>Whether a text begins with such a character.</summary>
    internal static bool Contains(ReadOnlySpan<char> text) => LengthAt(text) > 0;

    /// <summary>
    /// UTF-16 units of the character of a word that a text begins with; 0 if it begins with another, or is empty.
    /// </summary>
    internal static int LengthAt(ReadOnlySpan<char> text)
    {
        if (Rune.DecodeFromUtf16(text, out var character, out var length) != System.Buffers.OperationStatus.Done)
            return 0;
        return Rune.IsLetterOrDigit(character) || Rune.GetUnicodeCategory(character) is
            UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark ? length : 0;
    }
}
