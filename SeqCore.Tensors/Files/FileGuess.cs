using System.Text.Unicode;

namespace SeqCore;

/// <summary>Guesses from the first bytes of a file that is not of the expected format what it is.</summary>
internal static class FileGuess
{
    /// <summary>The number of bytes that are examined.</summary>
    internal const int Length = 64;

    /// <summary>
    /// Returns a hint such as " It seems to be a zip file.", with a leading space; empty if the kind of file is unknown.
    /// </summary>
    /// <param name="start">The first bytes of the file, at most <see cref="Length"/>; fewer if the file is shorter.</param>
    internal static string Hint(ReadOnlySpan<byte> start)
    {
        if (start.IsEmpty)
            return " It is empty.";
        return Of(start) is { } kind ? $" It seems to be {kind}." : "";
    }

    /// <summary>Returns a hint for a stream, whose position does not change.</summary>
    internal static string Hint(Stream stream, long startPosition)
    {
        var position = stream.Position;
        var start = new byte[Length];
        stream.Position = startPosition;
        var count = stream.ReadAtLeast(start, Length, throwOnEndOfStream: false);
        stream.Position = position;
        return Hint(start.AsSpan(0, count));
    }

    private static string? Of(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith("PK"u8))
            return "a zip file, such as .npz or what torch.save writes";
        if (start is [0x80, >= 2 and <= 5, ..])
            return "a Python pickle, such as old versions of torch.save write";
        if (start is [0x93, (byte)'N', (byte)'U', (byte)'M', ..])
            return "a .npy file";
        if (GzipFile.IsGzip(start))
            return "compressed by gzip";
        if (start.StartsWith("GGUF"u8))
            return "a GGUF file";
        if (start[1..].StartsWith("HDF"u8))
            return "an HDF5 file";
        if (start[1..].StartsWith("PNG"u8))
            return "an image";
        if (start.StartsWith("version https://git-lfs"u8))
            return "a Git LFS pointer instead of the file itself; run git lfs pull";
        return start[0] == '<' ? "a web page or XML" : IsText(start) ? start[0] == '{' ? "JSON" : "a text file" : null;
    }

    private static bool IsText(ReadOnlySpan<byte> start)
    {
        // The last character may be incomplete.
        for (var cut = 0; cut < Math.Min(4, start.Length); cut++)
        {
            if (Utf8.IsValid(start[..^cut]))
                return !start.ContainsAnyInRange((byte)0, (byte)8) && !start.ContainsAnyInRange((byte)14, (byte)31);
        }

        return false;
    }
}
