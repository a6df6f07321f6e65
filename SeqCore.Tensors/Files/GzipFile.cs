namespace SeqCore;

/// <summary>Reads gzip files (RFC 1952) and detects truncated or damaged ones.</summary>
/// <remarks>
/// <see cref="System.IO.Compression.GZipStream"/> takes the end of a file for the end of its data, so an incomplete download
/// reads as a shorter text, and it ignores bytes that follow the data.
/// </remarks>
public static class GzipFile
{
    /// <summary>
    /// Returns a stream of the decompressed bytes; several compressed members in a row form one file. The stream can only be read
    /// forward, closes the compressed stream when it is closed, and takes about 0.2 MB whatever the file's size.
    /// </summary>
    /// <param name="packed">The compressed stream, at its first byte.</param>
    /// <param name="name">The name that errors use for it.</param>
    /// <returns>
    /// A stream whose reads throw an <see cref="IOException"/> if the file is truncated, a checksum or length does not match, or
    /// other bytes follow.
    /// </returns>
    public static Stream Unpack(Stream packed, string name)
    {
        ArgumentNullException.ThrowIfNull(packed);
        ArgumentNullException.ThrowIfNull(name);
        return new GzipStream(new PackedBytes(packed), name);
    }

    /// <summary>Returns the content of a file that may or may not be compressed.</summary>
    /// <param name="source">The stream of the file, at its first byte; it is closed with the result.</param>
    /// <param name="name">The name that errors use for it.</param>
    /// <param name="isPacked">Whether the file begins like a gzip file and is therefore decompressed.</param>
    /// <returns>A stream as from <see cref="Unpack"/>, or one of the same bytes.</returns>
    /// <exception cref="IOException">The beginning of the file cannot be read.</exception>
    public static Stream UnpackIfPacked(Stream source, string name, out bool isPacked)
    {
        ArgumentNullException.ThrowIfNull(source);
        var start = new byte[2];
        var count = source.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        isPacked = IsGzip(start);
        var whole = new StartedStream(start.AsMemory(0, count), source);
        return isPacked ? Unpack(whole, name) : whole;
    }

    internal static bool IsGzip(ReadOnlySpan<byte> start) => start is [0x1F, 0x8B, ..];
}
