using System.Globalization;
using System.Text;

namespace SeqCore.Models;

/// <summary>Recognises the characters that words consist of: letters, digits, and the marks that combine with them.</summary>
internal static class WordCharacters
{
    /// <summary>Returns whether a text begins with such a character.</summary>
    internal static bool Contains(ReadOnlySpan<char> text) => LengthAt(text) > 0;

    /// <summary>
    /// Returns the number of UTF-16 units of such a character at the beginning of a text; 0 if the text begins with another
    /// character or is empty.
    /// </summary>
    internal static int LengthAt(ReadOnlySpan<char> text)
    {
        if (Rune.DecodeFromUtf16(text, out var character, out var length) != System.Buffers.OperationStatus.Done)
            return 0;
        return Rune.IsLetterOrDigit(character) || Rune.GetUnicodeCategory(character) is
            UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark ? length : 0;
    }
}
