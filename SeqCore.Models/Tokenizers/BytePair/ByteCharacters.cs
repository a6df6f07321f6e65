namespace SeqCore.Models;

/// <summary>
/// GPT-2's characters for bytes, in which vocabularies write tokens: printable characters of Latin-1 stand for their own bytes,
/// and U+0100 and those after it for the other bytes, in order, so that the space is U+0120 (Radford et al. 2019).
/// </summary>
internal static class ByteCharacters
{
    private static readonly char[] characters = MakeCharacters();
    private static readonly short[] bytes = MakeBytes();

    /// <summary>The bytes in the order of their characters, which is that of their tokens in GPT-2's vocabulary.</summary>
    internal static byte[] InOrder { get; } =
        [.. Enumerable.Range(0, 256).OrderBy(b => characters[b]).Select(b => (byte)b)];

    /// <summary>Writes bytes as characters.</summary>
    internal static string ToText(ReadOnlySpan<byte> values)
    {
        Span<char> text = values.Length <= 256 ? stackalloc char[values.Length] : new char[values.Length];
        for (var i = 0; i < values.Length; i++)
            text[i] = characters[values[i]];
        return new string(text);
    }

    /// <summary>Returns the bytes that characters stand for; null if one stands for none.</summary>
    internal static byte[]? ToBytes(ReadOnlySpan<char> text)
    {
        var result = new byte[text.Length];
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] >= bytes.Length || bytes[text[i]] < 0)
                return null;
            result[i] = (byte)bytes[text[i]];
        }

        return result;
    }

    private static char[] MakeCharacters()
    {
        var result = new char[256];
        var next = '\u0100';
        for (var b = 0; b < result.Length; b++)
            result[b] = b is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF) ? (char)b : next++;
        return result;
    }

    private static short[] MakeBytes()
    {
        var result = new short[characters.Max() + 1];
        Array.Fill(result, (short)-1);
        for (var b = 0; b < characters.Length; b++)
            result[characters[b]] = (short)b;
        return result;
    }
}
