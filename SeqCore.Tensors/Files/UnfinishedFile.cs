namespace SeqCore;

/// <summary>A file that is being written beside the one that it will replace; it is deleted unless it is finished.</summary>
internal sealed class UnfinishedFile : IDisposable
{
    /// <summary>
    /// The number of characters kept of a long name, so that the temporary name is not too long for the file system.
    /// </summary>
    private const int KeptOfName = 50;

    private readonly string path;
    private readonly string target;
    private string? beside;

    private UnfinishedFile(string path, string target, string? beside, FileStream stream) =>
        (this.path, this.target, this.beside, Stream) = (path, target, beside, stream);

    /// <summary>The stream that takes the content.</summary>
    internal FileStream Stream { get; }

    /// <summary>Creates the file; <see cref="AtomicFile"/> documents how links, pipes and devices are treated.</summary>
    internal static UnfinishedFile Create(string path, Func<string, FileStream>? create)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var target = TargetOf(path);
        var kind = UnixFile.KindOf(target);
        if (kind == FileKind.Folder)
            throw new UnauthorizedAccessException($"'{path}' is a folder and cannot be written as a file. Name a file in it.");
        if (kind != FileKind.File || IsOfProcess(target))
            return new UnfinishedFile(path, target, null, OpenDirectly(path, target, kind));
        var folder = Path.GetDirectoryName(Path.GetFullPath(target))!;
        if (!Directory.Exists(folder))
        {
            throw File.Exists(folder)
                ? new IOException($"'{path}' cannot be written: '{folder}' is a file, not a folder.")
                : new DirectoryNotFoundException($"'{path}' cannot be written: there is no folder '{folder}'. Create it first.");
        }

        var name = Path.GetFileName(target);
        var beside = Path.Combine(folder, $"{name[..Math.Min(name.Length, KeptOfName)]}.{Guid.NewGuid():N}"
            + AtomicFile.UnfinishedExtension);
        try
        {
            // A file without write permission is not replaced, although the folder's permissions would allow it.
            if (File.Exists(target))
                new FileStream(target, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete).Dispose();
            var stream = create is null ? new FileStream(beside, FileMode.CreateNew, FileAccess.Write) : create(beside);
            return new UnfinishedFile(path, target, beside, stream);
        }
        catch (Exception failed) when (Named(failed, path, beside) is { } named)
        {
            throw named;
        }
    }

    /// <summary>Flushes the content and gives the file its name.</summary>
    internal void Finish()
    {
        if (beside is not null && !OperatingSystem.IsWindows() && File.Exists(target))
            File.SetUnixFileMode(Stream.SafeFileHandle, File.GetUnixFileMode(target));
        Stream.Flush(flushToDisk: true);
        if (beside is null)
            return;
        Stream.Dispose();
        File.Move(beside, target, overwrite: true);
        beside = null;
        UnixFile.FlushFolder(Path.GetDirectoryName(Path.GetFullPath(target))!);
    }

    /// <summary>
    /// Returns the error to report to a user, which names the path that was asked for; null if the error can stay as it is.
    /// </summary>
    internal Exception? Named(Exception failed) => beside is null ? null : Named(failed, path, beside);

    /// <summary>Closes the file, and deletes it unless it is finished.</summary>
    public void Dispose()
    {
        try
        {
            // Writing the rest of the buffer may fail again, but the failure has been reported.
            Stream.Dispose();
        }
        catch (IOException)
        {
        }

        try
        {
            if (beside is not null)
                File.Delete(beside);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // The folder was deleted meanwhile, or may no longer be written; the error that led here is the one to report.
        }
    }

    /// <summary>Follows links to the target file, up to files that the system has open under another name.</summary>
    private static string TargetOf(string path)
    {
        for (var (at, links) = (path, 0); ; links++)
        {
            if (IsOfProcess(at) || new FileInfo(at).LinkTarget is not { } next)
                return at;
            if (links == 40)
                throw new IOException($"'{path}' cannot be written: its symbolic links form a cycle.");
            at = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(at))!, next);
        }
    }

    private static bool IsOfProcess(string path) => OperatingSystem.IsLinux()
        && (path.StartsWith("/proc/", StringComparison.Ordinal) || path.StartsWith("/dev/fd/", StringComparison.Ordinal));

    private static FileStream OpenDirectly(string path, string target, FileKind kind)
    {
        if (kind == FileKind.Pipe && OpenPipe(path, target) is { } pipe)
            return pipe;
        if (!Path.Exists(target))
            throw new FileNotFoundException($"'{path}' cannot be written: nothing is open there, and no file can be made.", path);
        var stream = new FileStream(target, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);

        // An output that the shell redirects to a file already holds what was written before.
        if (kind == FileKind.File && stream.CanSeek)
            stream.Seek(0, SeekOrigin.End);
        return stream;
    }

    private static FileStream? OpenPipe(string path, string target)
    {
        var handle = UnixFile.OpenWriter(target, out var hasReader);
        if (!handle.IsInvalid)
        {
            UnixFile.LetWait(handle);
            return new FileStream(handle, FileAccess.Write);
        }

        handle.Dispose();
        return hasReader
            ? null
            : throw new IOException($"'{path}' is a pipe without a reader, so writing would wait for ever."
                + " Start its reader first.");
    }

    private static Exception? Named(Exception failed, string path, string beside)
    {
        if (!failed.Message.Contains(beside, StringComparison.Ordinal))
            return null;
        var message = failed.Message.Replace(beside, path, StringComparison.Ordinal);
        return failed switch
        {
            UnauthorizedAccessException => new UnauthorizedAccessException(message, failed),
            PathTooLongException => new PathTooLongException(message, failed),
            IOException => new IOException(message, failed) { HResult = failed.HResult },
            _ => null,
        };
    }
}
