using System.Text;

namespace SeqCore;

/// <summary>
/// Writes files so that whatever happens meanwhile (an exception, a kill, a full disk), the file that was there before stays
/// whole: the new one is written under another name beside it, flushed to the disk, and only then renamed; on Linux and macOS the
/// folder is flushed too, so that the new name outlasts a loss of power. Of several writers of one file the last to finish stays,
/// whole.
/// </summary>
/// <remarks>
/// A symbolic link stays one: the file that it leads to is replaced. A file keeps its permissions, and one that may not be
/// written is not replaced. Pipes, devices and what the system has open under another name (<c>/dev/stdout</c>,
/// <c>/proc/self/fd/1</c>) are written directly; a pipe that no program reads is refused, since writing would wait for ever (both
/// on Linux only).
/// </remarks>
public static class AtomicFile
{
    /// <summary>The ending of a file that is still being written; one that a killed program left may be deleted.</summary>
    public const string UnfinishedExtension = ".unfinished";

    /// <summary>Whether a file's name is one that this class gives to a file while it is written.</summary>
    /// <param name="name">With or without its folder.</param>
    public static bool IsUnfinished(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.EndsWith(UnfinishedExtension, StringComparison.Ordinal)
            && Guid.TryParseExact(Path.GetExtension(name[..^UnfinishedExtension.Length]).TrimStart('.'), "N", out _);
    }

    /// <summary>Writes a file, and replaces the one that was there.</summary>
    /// <param name="path">Of the file; its folder exists.</param>
    /// <param name="write">Writes the content. Whatever it throws is thrown on, and nothing is replaced.</param>
    /// <param name="create">
    /// Opens the file to be written; null for a plain one. Tests put a disk that fills up in its place.
    /// </param>
    /// <exception cref="IOException">
    /// The file cannot be written; the one before it is as it was. The message names the path.
    /// </exception>
    /// <exception cref="UnauthorizedAccessException">
    /// The file or its folder may not be written, or the path is a folder.
    /// </exception>
    public static void Write(string path, Action<FileStream> write, Func<string, FileStream>? create = null)
    {
        ArgumentNullException.ThrowIfNull(write);
        using var file = UnfinishedFile.Create(path, create);
        try
        {
            write(file.Stream);
            file.Finish();
        }
        catch (Exception failed) when (file.Named(failed) is { } named)
        {
            throw named;
        }
    }

    /// <summary>The same where the content comes bit by bit.</summary>
    /// <param name="path">Of the file; its folder exists.</param>
    /// <param name="write">Writes the content. Whatever it throws is thrown on, and nothing is replaced.</param>
    /// <exception cref="IOException">
    /// The file cannot be written; the one before it is as it was. The message names the path.
    /// </exception>
    /// <exception cref="UnauthorizedAccessException">
    /// The file or its folder may not be written, or the path is a folder.
    /// </exception>
    public static async Task WriteAsync(string path, Func<FileStream, Task> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        using var file = UnfinishedFile.Create(path, null);
        try
        {
            await write(file.Stream).ConfigureAwait(false);
            file.Finish();
        }
        catch (Exception failed) when (file.Named(failed) is { } named)
        {
            throw named;
        }
    }

    /// <summary>Writes a text as UTF-8 without a byte order mark.</summary>
    /// <param name="path">Of the file; its folder exists.</param>
    /// <param name="text">Its content.</param>
    /// <exception cref="IOException">
    /// The file cannot be written; the one before it is as it was. The message names the path.
    /// </exception>
    /// <exception cref="UnauthorizedAccessException">
    /// The file or its folder may not be written, or the path is a folder.
    /// </exception>
    public static void WriteText(string path, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Write(path, file => file.Write(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>Checks before long work that a file can be written; it is left as it is. Pipes are not checked.</summary>
    /// <param name="path">Of the file; its folder exists.</param>
    /// <exception cref="IOException">
    /// The file cannot be written; the one before it is as it was. The message names the path.
    /// </exception>
    /// <exception cref="UnauthorizedAccessException">
    /// The file or its folder may not be written, or the path is a folder.
    /// </exception>
    public static void RequireWritable(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);

        // A pipe's reader would take it for finished when the check closes it.
        if (UnixFile.KindOf(path) != FileKind.Pipe)
            UnfinishedFile.Create(path, null).Dispose();
    }
}
