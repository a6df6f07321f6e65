namespace SeqCore;

/// <summary>
/// Opens files of users for reading, and says what is wrong with those that are none: folders, and pipes where a file is needed
/// or that no program writes to (pipes are known on Linux only). Every error is an <see cref="IOException"/> or an
/// <see cref="UnauthorizedAccessException"/> with the path in its message.
/// </summary>
public static class InputFile
{
    /// <summary>Opens a file that can be read at any place.</summary>
    /// <param name="path">Of the file.</param>
    /// <exception cref="IOException">It is missing, a folder, a pipe or a device, or the disk reports an error.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static FileStream Open(string path)
    {
        RequireNoFolder(path);
        if (UnixFile.KindOf(path) is FileKind.Pipe or FileKind.Device)
            throw NotSeekable(path);
        // Another program may replace or delete the file meanwhile, which Windows allows only where the reader does.
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        if (file.CanSeek)
            return file;
        file.Dispose();
        throw NotSeekable(path);
    }

    /// <summary>
    /// Opens a file, a pipe or a device that is read from its beginning to its end. A pipe has to have a writer, or something in
    /// it.
    /// </summary>
    /// <param name="path">Of the file.</param>
    /// <exception cref="IOException">
    /// It is missing, a folder, a pipe that no program writes to, or the disk reports an error.
    /// </exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static Stream OpenSequential(string path)
    {
        RequireNoFolder(path);
        return UnixFile.KindOf(path) == FileKind.Pipe ? OpenPipe(path) : File.OpenRead(path);
    }

    /// <summary>
    /// Checks, before a file is opened for reading and writing, that a path leads to a file on a disk, or to nothing yet: to open
    /// a pipe or to read a device may take for ever.
    /// </summary>
    /// <param name="path">Of the file.</param>
    /// <exception cref="IOException">It is a folder, a pipe or a device (the last two are known on Linux only).</exception>
    public static void RequireFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var kind = UnixFile.KindOf(path);
        if (kind != FileKind.File)
        {
            throw new IOException($"'{path}' is a {(kind == FileKind.Folder ? "folder" : "pipe or a device")}, and has to be a"
                + " file. Move it away.");
        }
    }

    /// <summary>Requires that a stream can be read at any place.</summary>
    /// <exception cref="ArgumentException">It cannot.</exception>
    internal static void RequireSeekable(Stream stream)
    {
        if (!stream.CanSeek)
        {
            throw new ArgumentException("This kind of file has to be read at any place, and the stream cannot seek."
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
        new($"'{path}' is a pipe or a device, and this kind of file has to be read at any place. Copy it to a file first.");

    private static Stream OpenPipe(string path)
    {
        var handle = UnixFile.OpenReader(path);
        if (handle.IsInvalid)
        {
            handle.Dispose();
            return File.OpenRead(path); // Says why not.
        }

        var pipe = new FileStream(handle, FileAccess.Read, bufferSize: 0);
        try
        {
            var first = new byte[1];
            if (IsAtEnd(pipe, first, out var has))
                throw new IOException($"'{path}' is an empty pipe that no program writes to. Start its writer first.");
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
            return false; // A writer is there and has not written yet.
        }
    }
}
