using System.Text;

namespace SeqCore;

/// <summary>
/// Writes files so that the earlier file stays whole whatever happens meanwhile (an exception, a kill, a full disk). The new file
/// is written under another name beside it, flushed to the disk, and only then renamed; on Linux and macOS the folder is flushed
/// too, so that the new name survives a loss of power. If several writers write one file, the last to finish wins, and the file
/// is whole.
/// </summary>
/// <remarks>
/// A symbolic link stays a link: the file that it points to is replaced. A file keeps its permissions, and a file without write
/// permission is not replaced. Pipes, devices and files that the system has open under another name (<c>/dev/stdout</c>,
/// <c>/proc/self/fd/1</c>) are written directly; a pipe without a reader is refused, since writing would wait for ever (both on
/// Linux only).
/// </remarks>
public static class AtomicFile
{
    /// <summary>
    /// The extension of a file that is still being written; a file with it that a killed program left behind may be deleted.
    /// </summary>
    public const string UnfinishedExtension = ".unfinished";

    /// <summary>Returns whether a file's name is one that this class gives to a file while writing it.</summary>
    /// <param name="name">The name of the file, with or without its folder.</param>
    public static bool IsUnfinished(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.EndsWith(UnfinishedExtension, StringComparison.Ordinal)
            && Guid.TryParseExact(Path.GetExtension(name[..^UnfinishedExtension.Length]).TrimStart('.'), "N", out _);
    }

    /// <summary>Writes a file and replaces an earlier one.</summary>
    /// <param name="path">The path of the file, in a folder that exists.</param>
    /// <param name="write">Writes the content. Its exceptions are passed on, and then nothing is replaced.</param>
    /// <param name="create">Opens the file to be written; null for a plain file. Tests pass a disk that fills up.</param>
    /// <exception cref="IOException">
    /// The file cannot be written; an earlier file of this name is unchanged. The message names the path.
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

    /// <summary>Writes a file asynchronously and replaces an earlier one.</summary>
    /// <param name="path">The path of the file, in a folder that exists.</param>
    /// <param name="write">Writes the content. Its exceptions are passed on, and then nothing is replaced.</param>
    /// <exception cref="IOException">
    /// The file cannot be written; an earlier file of this name is unchanged. The message names the path.
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
    /// <param name="path">The path of the file, in a folder that exists.</param>
    /// <param name="text">The content of the file.</param>
    /// <exception cref="IOException">
    /// The file cannot be written; an earlier file of this name is unchanged. The message names the path.
    /// </exception>
    /// <exception cref="UnauthorizedAccessException">
    /// The file or its folder may not be written, or the path is a folder.
    /// </exception>
    public static void WriteText(string path, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Write(path, file => file.Write(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>Checks, before long work, that a file can be written, without changing it. Pipes are not checked.</summary>
    /// <param name="path">The path of the file, in a folder that exists.</param>
    /// <exception cref="IOException">
    /// The file cannot be written; an earlier file of this name is unchanged. The message names the path.
    /// </exception>
    /// <exception cref="UnauthorizedAccessException">
    /// The file or its folder may not be written, or the path is a folder.
    /// </exception>
    public static void RequireWritable(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);

        // When the check closed a pipe, its reader would take the input as finished.
        if (UnixFile.KindOf(path) != FileKind.Pipe)
            UnfinishedFile.Create(path, null).Dispose();
    }
}
