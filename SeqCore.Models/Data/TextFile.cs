using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace SeqCore.Models;

/// <summary>Reads text files of users.</summary>
public static class TextFile
{
    /// <summary>The largest number of UTF-16 units in a .NET string.</summary>
    internal const int MaximumLength = 0x3FFFFFDF;

    private const int ChunkSize = 1 << 16;

    /// <summary>
    /// Reads a UTF-8 file, which must be valid; a byte order mark at its start is skipped, and a gzip file is decompressed.
    /// </summary>
    /// <param name="path">The path of a file, of a pipe with a writer, or /dev/stdin.</param>
    /// <remarks>
    /// The memory needed is at most 0.5 MB and four bytes for each UTF-16 unit of the text. There are at most as many units as
    /// bytes in the file, or 1032 times as many if it is compressed.
    /// </remarks>
    /// <exception cref="DataSourceException">
    /// The file is missing, a folder, not readable, not UTF-8 or contains the character NUL (the message names the byte), is a
    /// truncated gzip file, or is longer than a string can be (1,073,741,791 UTF-16 units).
    /// </exception>
    public static string Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var name = $"Text file '{path}'";
        if (Directory.Exists(path))
            throw new DataSourceException($"{name} is a folder. Name a file in it.");
        try
        {
            using var file = InputFile.OpenSequential(path);
            return Read(file, path);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DataSourceException($"{name} does not exist. Check the path.", missing);
        }
        catch (Exception unreadable) when (unreadable is UnauthorizedAccessException or (IOException and not DataSourceException))
        {
            throw new DataSourceException($"{name} cannot be read: {unreadable.Message}", unreadable);
        }
    }

    /// <summary>Reads a text from a stream, from its current position to its end.</summary>
    /// <param name="stream">The stream, which is only read forward.</param>
    /// <param name="path">The path that errors name.</param>
    /// <param name="maximumLength">The largest number of UTF-16 units; tests make it small.</param>
    /// <exception cref="DataSourceException">The text is not UTF-8, too long, or truncated gzip data.</exception>
    internal static string Read(Stream stream, string path, int maximumLength = MaximumLength)
    {
        var name = $"Text file '{path}'";
        var content = GzipFile.UnpackIfPacked(stream, name, out var isPacked);
        try
        {
            return new Decoder(isPacked ? name + ", decompressed," : name, maximumLength).Read(content);
        }
        catch (IOException damaged) when (isPacked && damaged is not DataSourceException)
        {
            throw new DataSourceException(damaged.Message, damaged);
        }
    }

    /// <summary>Decodes bytes to text, a chunk at a time.</summary>
    private sealed class Decoder(string name, int maximumLength)
    {
        private readonly byte[] bytes = new byte[ChunkSize];
        private readonly char[] characters = new char[ChunkSize];
        private readonly StringBuilder text = new();
        private long offset;

        internal string Read(Stream stream)
        {
            var (held, isFirst) = (0, true);
            while (true)
            {
                var count = stream.ReadAtLeast(bytes.AsSpan(held), bytes.Length - held, throwOnEndOfStream: false);
                var isLast = held + count < bytes.Length;
                var chunk = bytes.AsSpan(0, held + count);
                if (isFirst && (chunk.StartsWith<byte>([0xFF, 0xFE]) || chunk.StartsWith<byte>([0xFE, 0xFF])))
                    throw new DataSourceException($"{name} is UTF-16. Convert the file to UTF-8 first.");
                if (isFirst && chunk.StartsWith("\uFEFF"u8))
                {
                    chunk = chunk[3..];
                    offset = 3;
                }

                isFirst = false;
                held = Append(chunk, isLast);
                if (isLast)
                    return text.ToString();
                chunk[^held..].CopyTo(bytes);
            }
        }

        /// <returns>The number of bytes at the end of the chunk that begin a character which ends in the next one.</returns>
        private int Append(Span<byte> chunk, bool isLast)
        {
            if (chunk.IndexOf((byte)0) is >= 0 and var zero)
                throw HasNul(chunk, zero);
            var status = Utf8.ToUtf16(chunk, characters, out var read, out var written, replaceInvalidSequences: false, isLast);
            if (status is not (OperationStatus.Done or OperationStatus.NeedMoreData) || (isLast && read < chunk.Length))
            {
                throw new DataSourceException($"{name} is not UTF-8: the byte 0x{chunk[read]:X2} at offset {offset + read}"
                    + " is not valid there. Convert the file to UTF-8 first.");
            }

            if (written > maximumLength - text.Length)
            {
                throw new DataSourceException($"{name} has more than {maximumLength} UTF-16 units, the most that a .NET string"
                    + " holds. Split it into several files, or write a batch source that reads it piece by piece.");
            }

            text.Append(characters, 0, written);
            offset += read;
            return chunk.Length - read;
        }

        private DataSourceException HasNul(ReadOnlySpan<byte> chunk, int zero)
        {
            var pairs = chunk.Length / 2;
            var zeros = chunk.Count((byte)0);
            var guess = zeros > pairs / 2 && zeros <= pairs + 1
                ? "It seems to be UTF-16; convert the file to UTF-8 first."
                : "It does not seem to be text.";
            return new DataSourceException($"{name} contains the character NUL at offset {offset + zero}. {guess}");
        }
    }
}
