namespace SeqCore.Models;

/// <summary>
/// Locks a folder against other runs, of this process or another. Only the lock that the system keeps on the open file counts,
/// and the system releases it when the process ends in any way; the existence of the file means nothing. A text beside it names
/// the holder, for the error of a second run.
/// </summary>
internal sealed class FolderLock : IDisposable
{
    private const string FileName = ".lock", HolderName = ".lock-holder", ProbeName = ".lock-probe",
        Unknown = "its process is not known";
    private readonly FileStream file;
    private readonly Action released;

    private FolderLock(FileStream file, Action released) => (this.file, this.released) = (file, released);

    /// <summary>Locks a folder.</summary>
    /// <param name="folder">The path of a folder that exists.</param>
    /// <param name="released">An action that is called when the lock is released.</param>
    /// <exception cref="CheckpointException">Another run holds the lock; the message names its process.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written.</exception>
    internal static FolderLock Take(string folder, Action released)
    {
        var file = Open(folder);
        try
        {
            var since = FormattableString.Invariant($"since {DateTime.UtcNow:yyyy-MM-dd HH:mm:ss} UTC");
            File.WriteAllText(InFolder(folder, HolderName),
                $"process {Environment.ProcessId} on {Environment.MachineName}, {since}");
            return new FolderLock(file, released);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Whether the folder's file system has locks, so that a file that is held cannot be opened again.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written.</exception>
    internal static bool IsKept(string folder)
    {
        var probe = InFolder(folder, ProbeName);
        try
        {
            // One name for all, so that the next program takes over, and removes, what a killed one left.
            using var first = new FileStream(probe, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0,
                FileOptions.DeleteOnClose);
            using var second = new FileStream(probe, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            return false;
        }
        catch (FileNotFoundException)
        {
            // Another program made the same check and removed the file in between.
            return IsKept(folder);
        }
        catch (IOException taken) when (IsHeld(taken))
        {
            return true;
        }
    }

    /// <summary>Whether no program has a file open.</summary>
    internal static bool IsFree(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            return true;
        }
        catch (Exception taken) when (taken is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        file.Dispose();
        released();
    }

    private static FileStream Open(string folder)
    {
        try
        {
            return new FileStream(InFolder(folder, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None,
                bufferSize: 0);
        }
        catch (IOException taken) when (IsHeld(taken))
        {
            throw new CheckpointException($"The folder '{folder}' is in use by another run ({Holder(folder)})."
                + " Wait for it to end, or choose another folder.", taken);
        }
    }

    /// <summary>
    /// Whether an error is the system's error for a locked file: EWOULDBLOCK on Linux or macOS, or the sharing violation on
    /// Windows.
    /// </summary>
    private static bool IsHeld(IOException error) => error.HResult is 11 or 35 or unchecked((int)0x80070020);

    /// <summary>Returns the path of a lock file in a folder, and throws if something else has its name.</summary>
    private static string InFolder(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        InputFile.RequireFile(path);
        return path;
    }

    private static string Holder(string folder)
    {
        try
        {
            var holder = File.ReadAllText(InFolder(folder, HolderName));
            return holder.Length > 0 ? holder.Replace($" on {Environment.MachineName},", ",", StringComparison.Ordinal) : Unknown;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return Unknown;
        }
    }
}
