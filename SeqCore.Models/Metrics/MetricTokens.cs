using System.Globalization;
using System.Text;

namespace SeqCore.Models;

/// <summary>Splits texts into words as the tokenizers of sacreBLEU (Post, arXiv:1804.08771) do.</summary>
internal static class MetricTokens
{
    /// <summary>Returns the words of a text.</summary>
    internal static string[] Of(string text, MetricTokenization tokenization) => tokenization switch
    {
        MetricTokenization.ThirteenA => AtSpaces(Western(text)),
        MetricTokenization.International => AtSpaces(International(text)),
        MetricTokenization.Character => [.. text.EnumerateRunes().Where(r => !IsSpace(r)).Select(r => r.ToString())],
        _ => AtSpaces(text),
    };

    /// <summary>sacreBLEU's name of a tokenization.</summary>
    internal static string Name(MetricTokenization tokenization) => tokenization switch
    {
        MetricTokenization.ThirteenA => "13a",
        MetricTokenization.International => "intl",
        MetricTokenization.Character => "char",
        _ => "none",
    };

    /// <summary>Splits at runs of the characters that Python takes for white space.</summary>
    internal static string[] AtSpaces(string text)
    {
        var words = new List<string>();
        for (var at = 0; at < text.Length;)
        {
            var end = at;
            while (end < text.Length && !IsSpace(text[end]))
                end++;
            if (end > at)
                words.Add(text[at..end]);
            at = end + 1;
        }

        return [.. words];
    }

    /// <summary>Puts spaces around ASCII punctuation, except points, commas and hyphens in numbers, and apostrophes.</summary>
    private static string Western(string text)
    {
        text = text.Replace("<skipped>", "").Replace("-\n", "").Replace('\n', ' ');
        if (text.Contains('&'))
            text = Unescaped(text);
        return SplitPunctuation($" {text} ");
    }

    /// <summary>Replaces the four escapes of SGML.</summary>
    internal static string Unescaped(string text) =>
        text.Replace("&quot;", "\"").Replace("&amp;", "&").Replace("&lt;", "<").Replace("&gt;", ">");

    /// <summary>The four rules of mteval-v13a: marks, points and commas beside no digit, and hyphens after a digit.</summary>
    /// <param name="text">The text.</param>
    /// <param name="possessives">Whether 's is split off too, as Tercom does.</param>
    internal static string SplitPunctuation(string text, bool possessives = false)
    {
        text = Marks(text);
        if (possessives)
            text = text.Replace("'s ", " 's ");
        List<char> characters = [.. text];
        characters = Pairs(characters, (a, b) => !IsDigit(a) && b is '.' or ',', ' ', before: false);
        characters = Pairs(characters, (a, b) => a is '.' or ',' && !IsDigit(b), ' ', before: true);
        characters = Pairs(characters, (a, b) => IsDigit(a) && b == '-', ' ', before: false);
        return string.Concat(characters);
    }

    private static string Marks(string text)
    {
        var result = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            if (c is (>= '{' and <= '~') or (>= '[' and <= '`') or (>= ' ' and <= '&') or (>= '(' and <= '+')
                or (>= ':' and <= '@') or '/')
                result.Append(' ').Append(c).Append(' ');
            else
                result.Append(c);
        }

        return result.ToString();
    }

    /// <summary>Puts spaces around Unicode's punctuation beside no number, and around symbols.</summary>
    private static string International(string text)
    {
        var space = new Rune(' ');
        List<Rune> runes = [.. text.EnumerateRunes()];
        runes = Pairs(runes, (a, b) => !IsNumber(a) && Rune.IsPunctuation(b), space, before: false);
        runes = Pairs(runes, (a, b) => Rune.IsPunctuation(a) && !IsNumber(b), space, before: true);
        var result = new StringBuilder(text.Length + 16);
        foreach (var rune in runes)
            result.Append(Rune.IsSymbol(rune) ? $" {rune} " : rune.ToString());
        return result.ToString();
    }

    /// <summary>
    /// Rewrites each pair that fits, from left to right without overlap: "ab" to "a b ", or to " a b" with a space before it.
    /// </summary>
    private static List<T> Pairs<T>(List<T> text, Func<T, T, bool> fits, T space, bool before)
    {
        var result = new List<T>(text.Count + 16);
        for (var i = 0; i < text.Count; i++)
        {
            if (i + 1 == text.Count || !fits(text[i], text[i + 1]))
            {
                result.Add(text[i]);
                continue;
            }

            result.AddRange(before ? [space, text[i], space, text[i + 1]] : [text[i], space, text[i + 1], space]);
            i++;
        }

        return result;
    }

    private static bool IsDigit(char c) => c is >= '0' and <= '9';

    private static bool IsNumber(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.DecimalDigitNumber
        or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;

    private static bool IsSpace(char c) => char.IsWhiteSpace(c) || c is >= '\x1c' and <= '\x1f';

    private static bool IsSpace(Rune rune) => rune.IsBmp && IsSpace((char)rune.Value);
}
