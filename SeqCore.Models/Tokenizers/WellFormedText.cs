using System.Buffers;
using System.Text;

namespace SeqCore.Models;

/// <summary>
/// Requires texts of whole characters: an unpaired surrogate is not a character, no file can hold it, and no tokenizer could
/// restore it.
/// </summary>
internal static class WellFormedText
{
    /// <returns>The text itself.</returns>
    /// <exception cref="ArgumentNullException">The text is null.</exception>
    /// <exception cref="ArgumentException">The text has an unpaired surrogate; the message gives its position.</exception>
    internal static string Require(string text, string owner, string parameter)
    {
        ArgumentNullException.ThrowIfNull(text, parameter);
        return FirstHalf(text) is not (>= 0 and var at)
            ? text
            : throw new ArgumentException($"{owner}: the text has an unpaired surrogate, U+{(int)text[at]:X4}, at position"
                + $" {at}. Hint: split texts between characters (see System.Text.Rune), not within one.",
                parameter);
    }

    /// <summary>Returns the position of the first unpaired surrogate; -1 if there is none.</summary>
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
