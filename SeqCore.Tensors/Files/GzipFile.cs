namespace SeqCore;

/// <summary>Reads files that are packed by gzip (RFC 1952), and notices where one breaks off or is damaged.</summary>
/// <remarks>
/// <see cref="System.IO.Compression.GZipStream"/> takes the end of a file for the end of its data, so a download that broke off
/// reads as a shorter text, and what follows the data is left out.
/// </remarks>
public static class GzipFile
{
    /// <summary>
    /// A stream of the bytes that were packed; several packed pieces one after the other are one file. It can be read forward
    /// only, closes the packed one with itself, and takes about 0.2 MB whatever the file's size.
    /// </summary>
    /// <param name="packed">At its first byte.</param>
    /// <param name="name">What errors call it.</param>
    /// <returns>
    /// Its reads throw an <see cref="IOException"/> where the file breaks off, a checksum or length does not agree, or other
    /// bytes follow.
    /// </returns>
    public static Stream Unpack(Stream packed, string name)
    {
        ArgumentNullException.ThrowIfNull(packed);
        ArgumentNullException.ThrowIfNull(name);
        return new GzipStream(new PackedBytes(packed), name);
    }

    /// <summary>The content of a file that may be packed or not.</summary>
    /// <param name="source">At its first byte; closed with the result.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="isPacked">Whether it begins as files of gzip do, so that it is unpacked.</param>
    /// <returns>As that of <see cref="Unpack"/>, or the same bytes.</returns>
    /// <exception cref="IOException">Its beginning cannot be read.</exception>
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
