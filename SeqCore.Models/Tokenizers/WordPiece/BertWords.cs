using System.Globalization;
using System.Text;

namespace SeqCore.Models;

/// <summary>
/// Splits a text into words as BERT does: control characters are dropped, white space separates, punctuation marks and Chinese
/// characters are words of their own, and capitals and accents go if the vocabulary has none. It keeps where each character of a
/// word is in the text.
/// </summary>
internal ref struct BertWords(string text, int at, int end, bool isLowercase, bool stripsAccents)
{
    private readonly string text = text;
    private readonly int end = end;
    private readonly bool isLowercase = isLowercase, stripsAccents = stripsAccents;
    private char[] word = new char[32];
    private (int Start, int End)[] places = new (int, int)[32];
    private int at = at, length;

    /// <summary>The characters of the current word.</summary>
    internal readonly ReadOnlySpan<char> Word => word.AsSpan(0, length);

    /// <summary>The range of the text from which each UTF-16 unit of the current word comes.</summary>
    internal readonly ReadOnlySpan<(int Start, int End)> Places => places.AsSpan(0, length);

    /// <summary>Goes to the next word.</summary>
    /// <returns>False if there is none.</returns>
    internal bool Next()
    {
        length = 0;
        while (at < end)
        {
            Rune.DecodeFromUtf16(text.AsSpan(at, end - at), out var character, out var size);
            if (IsSeparator(character))
            {
                at += size;
                if (length > 0)
                    return true;
            }
            else if (IsDropped(character))
            {
                at += size;
            }
            else if (IsAlone(character))
            {
                if (length > 0)
                    return true;
                at += size;
                Append(character, at - size, at);
                return true;
            }
            else
            {
                at += size;
                Append(character, at - size, at);
            }
        }

        return length > 0;
    }

    /// <summary>Whether a character is a word of its own, as it is or without its accents: U+037E is a semicolon.</summary>
    private readonly bool IsAlone(Rune character) => IsPunctuation(character) || IsChinese(character.Value)
        || (stripsAccents && Accents.Strip(character) is { Length: 1 } rest && IsPunctuation(new Rune(rest[0])));

    private void Append(Rune character, int start, int next)
    {
        if (!stripsAccents || Accents.Strip(character) is not { } rest)
        {
            AppendCased(character, start, next);
            return;
        }

        // The range of a letter has the marks after it.
        if (rest.Length == 0 && length > 0 && places[length - 1].End == start)
        {
            var (first, last) = (places[length - 1].Start, length - 1);
            for (; last >= 0 && places[last].Start == first; last--)
                places[last].End = next;
        }

        foreach (var part in rest.EnumerateRunes())
            AppendCased(part, start, next);
    }

    private void AppendCased(Rune character, int start, int next)
    {
        Span<char> units = stackalloc char[4];
        var count = 1;
        if (isLowercase && character.Value == 0x130)
            (units[0], units[1], count) = ('i', '\u0307', 2);
        else
            count = (isLowercase ? Rune.ToLowerInvariant(character) : character).EncodeToUtf16(units);
        if (length + count > word.Length)
        {
            Array.Resize(ref word, 2 * word.Length);
            Array.Resize(ref places, 2 * places.Length);
        }

        units[..count].CopyTo(word.AsSpan(length));
        places.AsSpan(length, count).Fill((start, next));
        length += count;
    }

    private static bool IsSeparator(Rune character) => character.Value is '\t' or '\n' or '\r'
        || Rune.GetUnicodeCategory(character) is UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator;

    private static bool IsDropped(Rune character) => character.Value is 0xFFFD
        || Rune.GetUnicodeCategory(character) is UnicodeCategory.Control or UnicodeCategory.Format;

    private static bool IsPunctuation(Rune character) => character.IsAscii
        ? character.Value is (>= '!' and <= '/') or (>= ':' and <= '@') or (>= '[' and <= '`') or (>= '{' and <= '~')
        : Rune.GetUnicodeCategory(character) is >= UnicodeCategory.ConnectorPunctuation and <= UnicodeCategory.OtherPunctuation;

    /// <summary>The ideographs that BERT separates; Hangul, Hiragana and Katakana are written with words.</summary>
    private static bool IsChinese(int value) => value >= 0x3400 && value is (<= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF)
        or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2B73F)
        or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B820 and <= 0x2CEAF) or (>= 0x2F800 and <= 0x2FA1F);
}
