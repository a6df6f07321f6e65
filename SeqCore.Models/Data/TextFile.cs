using System.Buffers;
using System.Text.Unicode;

namespace SeqCore.Models;

/// <summary>Reads texts of users.</summary>
public static class TextFile
{
    /// <summary>Reads a UTF-8 file strictly; a byte order mark at its start is left out.</summary>
    /// <exception cref="DataSourceException">
    /// The file is missing, a folder, not readable, or not UTF-8 (the message names the byte).
    /// </exception>
    public static string Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Decode(path, ReadAll(path));
    }

    private static byte[] ReadAll(string path)
    {
        if (Directory.Exists(path))
            throw new DataSourceException($"Text file '{path}' is a folder. Name a file in it.");
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DataSourceException($"Text file '{path}' does not exist. Check the path.", missing);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new DataSourceException($"Text file '{path}' cannot be read: {unreadable.Message}", unreadable);
        }
    }

    private static string Decode(string path, byte[] bytes)
    {
        var start = bytes.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0;
        var characters = new char[bytes.Length - start];
        var status = Utf8.ToUtf16(bytes.AsSpan(start), characters, out var read, out var written, replaceInvalidSequences: false);
        if (status != OperationStatus.Done)
        {
            throw new DataSourceException($"Text file '{path}' is not UTF-8: the byte 0x{bytes[start + read]:X2} at offset"
                + $" {start + read}" + " does not belong there. Convert the file to UTF-8 first.");
        }

        return new string(characters, 0, written);
    }
}
