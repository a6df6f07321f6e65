using System.Buffers;
using System.Text;

namespace SeqCore.Models;

/// <summary>
/// Requires texts of whole characters: half of a surrogate pair is none, no file can hold it, and no tokenizer could give it
/// back.
/// </summary>
internal static class WellFormedText
{
    /// <returns>The text.</returns>
    /// <exception cref="ArgumentNullException">There is none.</exception>
    /// <exception cref="ArgumentException">It has half of a surrogate pair; the message says where.</exception>
    internal static string Require(string text, string owner, string parameter)
    {
        ArgumentNullException.ThrowIfNull(text, parameter);
        return FirstHalf(text) is not (>= 0 and var at)
            ? text
            : throw new ArgumentException($"{owner}: the text has half of a surrogate pair, U+{(int)text[at]:X4}, at position"
                + $" {at}, which is no character. Hint: cut texts between characters (see System.Text.Rune), not within one.",
                parameter);
    }

    /// <summary>Where a text has half of a surrogate pair; -1 where it has none.</summary>
    internal static int FirstHalf(ReadOnlySpan<char> text)
    {
        var at = text.IndexOfAnyInRange('\uD800', '\uDFFF');
        while (at >= 0 && at < text.Length)
        {
            if (Rune.DecodeFromUtf16(text[at..], out _, out var length) != OperationStatus.Done)
                return at;
            at += length;
            var next = text[at..].IndexOfAnyInRange('\uD800', '\uDFFF');
            at = next < 0 ? -1 : at + next;
        }

        return -1;
    }
}
