using SeqCore.Models;

namespace SeqCore.Samples.Common;

/// <summary>
/// The folder of a run: made and locked before any long work, so that a folder that cannot be written is refused at once and two
/// programs do not mix their files. If nothing was put into it, such as after Ctrl+C, it is removed again.
/// </summary>
public sealed class RunFolder : IDisposable
{
    private const string LockFiles = ".lock*";
    private readonly string[] created;
    private readonly IDisposable taken;

    /// <summary>Makes a folder, if it is missing, and locks it.</summary>
    /// <param name="path">The path of the folder.</param>
    /// <exception cref="CheckpointException">It cannot be written, or another program uses it.</exception>
    public RunFolder(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        created = [.. Missing(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)))];
        try
        {
            taken = new CheckpointFolder(path).Lock();
        }
        catch
        {
            RemoveIfEmpty();
            throw;
        }
    }

    /// <summary>Releases the folder.</summary>
    public void Dispose()
    {
        taken.Dispose();
        RemoveIfEmpty();
    }

    /// <summary>Removes the folders that were made, the innermost first, as long as nothing but the lock is in them.</summary>
    private void RemoveIfEmpty()
    {
        foreach (var folder in created.Where(Directory.Exists))
        {
            var locks = Directory.GetFiles(folder, LockFiles);
            if (Directory.GetFileSystemEntries(folder).Length > locks.Length)
                return;
            foreach (var file in locks)
                File.Delete(file);
            Directory.Delete(folder);
        }
    }

    private static IEnumerable<string> Missing(string path)
    {
        for (var folder = path; folder is not null && !Path.Exists(folder); folder = Path.GetDirectoryName(folder))
            yield return folder;
    }
}
