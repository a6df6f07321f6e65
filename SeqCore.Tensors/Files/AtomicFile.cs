namespace SeqCore;

/// <summary>
/// Writes files so that whatever happens meanwhile (a kill, a full disk), the file that was there before stays whole: the new one
/// is written under another name beside it, flushed to the disk, and only then renamed. Of several writers of one file the last
/// to finish stays, whole.
/// </summary>
public static class AtomicFile
{
    /// <summary>The ending of a file that is still being written; one that a killed program left may be deleted.</summary>
    public const string UnfinishedExtension = ".unfinished";

    /// <summary>Writes a file, and replaces the one that was there.</summary>
    /// <param name="path">Of the file; its folder exists.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="create">
    /// Opens the file to be written; null for a plain one. Tests put a disk that fills up in its place.
    /// </param>
    /// <exception cref="IOException">The file cannot be written; the one before it is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written.</exception>
    public static void Write(string path, Action<FileStream> write, Func<string, FileStream>? create = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        var beside = $"{path}.{Guid.NewGuid():N}{UnfinishedExtension}";
        try
        {
            using (var file = create is null ? new FileStream(beside, FileMode.CreateNew, FileAccess.Write) : create(beside))
            {
                write(file);
                file.Flush(flushToDisk: true);
            }

            File.Move(beside, path, overwrite: true);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }
}
