namespace SeqCore;

/// <summary>
/// Opens a user's files for reading and reports what is wrong with paths that cannot be read: folders, pipes where a file is
/// needed, and pipes without a writer (pipes are recognised on Linux only). Every error is an <see cref="IOException"/> or an
/// <see cref="UnauthorizedAccessException"/> with the path in its message.
/// </summary>
public static class InputFile
{
    /// <summary>Opens a file that can be read at any position.</summary>
    /// <param name="path">The path of the file.</param>
    /// <exception cref="IOException">
    /// The file is missing, or is a folder, a pipe or a device, or the disk reports an error.
    /// </exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static FileStream Open(string path)
    {
        RequireNoFolder(path);
        if (UnixFile.KindOf(path) is FileKind.Pipe or FileKind.Device)
            throw NotSeekable(path);
        // Other programs may replace or delete the file meanwhile; Windows allows that only if the reader does.
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        if (file.CanSeek)
            return file;
        file.Dispose();
        throw NotSeekable(path);
    }

    /// <summary>
    /// Opens a file, a pipe or a device that is read from the beginning to the end. A pipe must have a writer or hold some data.
    /// </summary>
    /// <param name="path">The path of the file.</param>
    /// <exception cref="IOException">
    /// The file is missing, or is a folder or a pipe without a writer, or the disk reports an error.
    /// </exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static Stream OpenSequential(string path)
    {
        RequireNoFolder(path);
        return UnixFile.KindOf(path) == FileKind.Pipe ? OpenPipe(path) : File.OpenRead(path);
    }

    /// <summary>
    /// Checks, before a file is opened for reading and writing, that a path leads to a file on a disk or to nothing yet: opening
    /// a pipe or reading a device may take for ever.
    /// </summary>
    /// <param name="path">The path of the file.</param>
    /// <exception cref="IOException">
    /// The path leads to a folder, a pipe or a device (the last two are recognised on Linux only).
    /// </exception>
    public static void RequireFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var kind = UnixFile.KindOf(path);
        if (kind != FileKind.File)
        {
            throw new IOException($"'{path}' is a {(kind == FileKind.Folder ? "folder" : "pipe or a device")}, but must be a"
                + " file. Move it away.");
        }
    }

    /// <summary>Requires that a stream can be read at any position.</summary>
    /// <exception cref="ArgumentException">The stream cannot seek.</exception>
    internal static void RequireSeekable(Stream stream)
    {
        if (!stream.CanSeek)
        {
            throw new ArgumentException("This kind of file must be read at any position, but the stream cannot seek."
                + " Hint: copy it to a MemoryStream first.", nameof(stream));
        }
    }

    private static void RequireNoFolder(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
            throw new IOException($"'{path}' is a folder. Name a file in it.");
    }

    private static IOException NotSeekable(string path) =>
        new($"'{path}' is a pipe or a device, but this kind of file must be read at any position. Copy it to a file first.");

    private static Stream OpenPipe(string path)
    {
        var handle = UnixFile.OpenReader(path);
        if (handle.IsInvalid)
        {
            handle.Dispose();
            return File.OpenRead(path); // Throws the reason.
        }

        var pipe = new FileStream(handle, FileAccess.Read, bufferSize: 0);
        try
        {
            var first = new byte[1];
            if (IsAtEnd(pipe, first, out var has))
                throw new IOException($"'{path}' is an empty pipe without a writer. Start its writer first.");
            UnixFile.LetWait(handle);
            return new StartedStream(has ? first : [], pipe);
        }
        catch
        {
            pipe.Dispose();
            throw;
        }
    }

    private static bool IsAtEnd(FileStream pipe, byte[] first, out bool has)
    {
        has = false;
        try
        {
            has = pipe.Read(first) > 0;
            return !has;
        }
        catch (IOException)
        {
            return false; // There is a writer that has not written yet.
        }
    }
}
