using System.Buffers;
using System.Text;

namespace SeqCore.Models;

/// <summary>
/// Reads the lines of text files, which may be larger than memory. Files are UTF-8, with or without a byte order mark, and may be
/// compressed with gzip. Lines end with LF, CR LF or CR, in any mixture.
/// </summary>
/// <example>
/// <code>
/// foreach (var line in TextLines.Read("reviews.txt"))
/// {
///     if (line.Text.Length > 1000)
///         Console.WriteLine($"line {line.Number} has {line.Text.Length} characters");
/// }
/// </code>
/// </example>
public static class TextLines
{
    /// <summary>The largest number of bytes in a line; a longer one is not text.</summary>
    internal const int MaximumBytes = 1 << 28;

    private const int ChunkSize = 1 << 16;

    /// <summary>Reads the lines of a file one after the other, each time the result is enumerated.</summary>
    /// <param name="path">The path of a file, of a pipe with a writer, or /dev/stdin.</param>
    /// <exception cref="DataSourceException">
    /// While it is enumerated: the file is missing, a folder, not readable, not UTF-8 (the message names the line and the
    /// character before which a byte is wrong), contains the character NUL, or is a damaged gzip file.
    /// </exception>
    public static IEnumerable<TextLine> Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Lines(path);
    }

    /// <summary>Returns what an error says of a place in a file: <c>'mine.txt', line 7, column 3</c>.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="line">The number of the line, from 1.</param>
    /// <param name="column">The number of the character in the line, from 1; null, the default, for the whole line.</param>
    public static string Place(string path, long line, long? column = null) =>
        $"'{path}', line {line}{(column is { } c ? $", column {c}" : "")}";

    private static IEnumerable<TextLine> Lines(string path)
    {
        using var reader = new Reader(path);
        while (reader.Next() is { } line)
            yield return line;
    }

    /// <summary>Splits bytes at the ends of lines, a chunk at a time, and decodes each line.</summary>
    private sealed class Reader : IDisposable
    {
        private static readonly UTF8Encoding strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
        private readonly string path;
        private readonly Stream content;
        private readonly bool isPacked;
        private readonly ArrayBufferWriter<byte> start = new();
        private readonly byte[] chunk = new byte[ChunkSize];
        private int at, count;
        private long number;
        private bool skipsLineFeed, isFirst = true;

        internal Reader(string path)
        {
            this.path = path;
            if (Directory.Exists(path))
                throw new DataSourceException($"Text file '{path}' is a folder. Name a file in it.");
            (content, isPacked) = Guarded(() =>
                (GzipFile.UnpackIfPacked(InputFile.OpenSequential(path), $"Text file '{path}'", out var packed), packed));
        }

        public void Dispose() => content.Dispose();

        internal TextLine? Next()
        {
            start.ResetWrittenCount();
            while (true)
            {
                if (at == count && !Fill())
                    return start.WrittenCount > 0 ? Decoded(start.WrittenSpan) : null;
                if (skipsLineFeed && chunk[at] == '\n')
                {
                    (at, skipsLineFeed) = (at + 1, false);
                    continue;
                }

                skipsLineFeed = false;
                var rest = chunk.AsSpan(at, count - at);
                var end = rest.IndexOfAny((byte)'\n', (byte)'\r');
                var part = end < 0 ? rest : rest[..end];
                if (start.WrittenCount + (long)part.Length > MaximumBytes)
                {
                    throw new DataSourceException($"{Place(path, number + 1)} is longer than {MaximumBytes >> 20} MB. It does not"
                        + " seem to be text.");
                }

                if (end < 0)
                {
                    start.Write(part);
                    at = count;
                    continue;
                }

                skipsLineFeed = rest[end] == '\r';
                at += end + 1;
                if (start.WrittenCount == 0)
                    return Decoded(part);
                start.Write(part);
                return Decoded(start.WrittenSpan);
            }
        }

        private bool Fill()
        {
            (at, count) = (0, Guarded(() => content.ReadAtLeast(chunk, chunk.Length, throwOnEndOfStream: false)));
            var bytes = chunk.AsSpan(0, count);
            if (isFirst && (bytes.StartsWith<byte>([0xFF, 0xFE]) || bytes.StartsWith<byte>([0xFE, 0xFF])))
                throw new DataSourceException($"Text file '{path}' is UTF-16. Convert the file to UTF-8 first.");
            if (isFirst && bytes.StartsWith("\uFEFF"u8))
                at = 3;
            isFirst = false;
            return at < count;
        }

        private TextLine Decoded(ReadOnlySpan<byte> line)
        {
            number++;
            if (line.Contains((byte)0))
            {
                throw new DataSourceException($"{Place(path, number, line.IndexOf((byte)0) + 1)}: there is a character NUL. The"
                    + " file does not seem to be text in UTF-8.");
            }

            try
            {
                return new TextLine(strict.GetString(line), number);
            }
            catch (DecoderFallbackException invalid)
            {
                var column = strict.GetCharCount(line[..invalid.Index]) + 1;
                throw new DataSourceException($"{Place(path, number, column)}: the byte 0x{invalid.BytesUnknown![0]:X2} is not"
                    + " valid UTF-8. Convert the file to UTF-8 first; it may be Latin-1.", invalid);
            }
        }

        private T Guarded<T>(Func<T> read)
        {
            try
            {
                return read();
            }
            catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
            {
                throw new DataSourceException($"Text file '{path}' does not exist. Check the path.", missing);
            }
            catch (Exception unreadable) when (unreadable is UnauthorizedAccessException
                or (IOException and not DataSourceException))
            {
                // The messages about gzip data have the name of the file.
                var problem = isPacked ? unreadable.Message : $"Text file '{path}' cannot be read: {unreadable.Message}";
                throw new DataSourceException(problem, unreadable);
            }
        }
    }
}
