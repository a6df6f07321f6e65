using System.Globalization;
using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// A folder with the newest checkpoints of a run and the best one. A checkpoint is written under another name, flushed to the
/// disk and only then renamed, so whatever happens meanwhile (a kill, a full disk) the ones before it stay whole. Who writes
/// holds a lock on the folder, so that two runs never mix; readers need none.
/// </summary>
public sealed class CheckpointFolder
{
    private const string Prefix = "checkpoint-";
    private const string Extension = ".safetensors";
    private const string BestName = "best" + Extension;
    private readonly int keep;
    private readonly System.Threading.Lock gate = new();
    private FolderLock? held;

    /// <summary>Opens a folder, made if it is missing; what is in it stays as it is.</summary>
    /// <param name="path">Path of the folder.</param>
    /// <param name="keep">K, how many of the newest checkpoints to keep, at least 1.</param>
    /// <exception cref="CheckpointException">The folder cannot be made or written.</exception>
    public CheckpointFolder(string path, int keep = 3)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfLessThan(keep, 1);
        Location = path;
        this.keep = keep;
        HasLocks = Writing(() =>
        {
            Directory.CreateDirectory(path);
            return FolderLock.IsKept(path);
        });
    }

    /// <summary>The folder.</summary>
    public string Location { get; }

    /// <summary>
    /// Whether a second run in the folder is noticed. Some network file systems keep no locks; there it is up to the user to
    /// start one run only.
    /// </summary>
    public bool HasLocks { get; }

    /// <summary>Where the best checkpoint is, if there is one.</summary>
    public string BestPath => BestIn(Location);

    /// <summary>Opens a file to write a checkpoint to; tests put a disk that fills up in its place.</summary>
    internal Func<string, FileStream>? Create { get; init; }

    /// <summary>Paths of the checkpoints, the newest first.</summary>
    public IReadOnlyList<string> Checkpoints() => CheckpointsIn(Location);

    /// <summary>
    /// Takes the folder for a run until the result is disposed, or the process ends in whatever way, and removes what a killed
    /// run left unfinished in it. <see cref="Save"/>, <see cref="SaveBest"/> and <see cref="Clear"/> take it for as long as they
    /// run where this object does not hold it.
    /// </summary>
    /// <returns>Gives the folder back.</returns>
    /// <exception cref="CheckpointException">
    /// Another run holds the folder, in this process or another, and the message names its process; or it cannot be written.
    /// </exception>
    /// <remarks>On a file system without locks (see <see cref="HasLocks"/>) nobody is refused.</remarks>
    public IDisposable Lock()
    {
        var taken = Writing(() => FolderLock.Take(Location, () => held = null));
        try
        {
            Writing(RemoveUnfinished);
        }
        catch
        {
            taken.Dispose();
            throw;
        }

        return held = taken;
    }

    /// <summary>
    /// Saves a checkpoint as the one of its step, and removes those beyond the newest K. Checkpoints of later steps go too: they
    /// are what a resumption passed over, and the run makes them anew.
    /// </summary>
    /// <returns>Its path.</returns>
    /// <exception cref="CheckpointException">
    /// It could not be written, or another run holds the folder; the ones before it are as they were.
    /// </exception>
    public string Save(CheckpointData checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        var path = InFolder($"{Prefix}{checkpoint.Step.ToString("D9", CultureInfo.InvariantCulture)}{Extension}");
        Locked(() =>
        {
            Write(path, checkpoint);
            var all = Checkpoints();
            foreach (var other in all.Where(p => StepOf(p) > checkpoint.Step)
                .Concat(all.Where(p => StepOf(p) <= checkpoint.Step).Skip(keep)))
                File.Delete(other);
        });
        return path;
    }

    /// <summary>Saves a checkpoint as the best one.</summary>
    /// <returns>Its path.</returns>
    /// <exception cref="CheckpointException">
    /// It could not be written, or another run holds the folder; the one before it is as it was.
    /// </exception>
    public string SaveBest(CheckpointData checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        Locked(() => Write(BestPath, checkpoint));
        return BestPath;
    }

    /// <summary>Reads one file.</summary>
    /// <param name="path">Of the file.</param>
    /// <param name="backend">Where the tensors go; they belong to no scope. Null for the default.</param>
    /// <exception cref="CheckpointException">It is missing, a folder, truncated, altered or something else.</exception>
    public static CheckpointData Read(string path, Backend? backend = null)
    {
        var source = $"Checkpoint '{path}'";
        if (Directory.Exists(path))
            throw new CheckpointException($"{source} is a folder. {FilesIn(path)}");
        try
        {
            return CheckpointFile.Read(InputFile.Open(path), source, backend);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CheckpointException($"{source} does not exist. Train first, or check the path.", missing);
        }
        catch (Exception unreadable) when (unreadable is UnauthorizedAccessException or (IOException and not CheckpointException))
        {
            throw new CheckpointException($"{source} cannot be read: {unreadable.Message}", unreadable);
        }
    }

    /// <summary>
    /// Reads the newest checkpoint that is whole, or where there is none the best one, which holds as much.
    /// </summary>
    /// <param name="backend">Where the tensors go; they belong to no scope. Null for the default.</param>
    /// <param name="skipped">Told of each truncated or altered checkpoint that is passed over for the one before it.</param>
    /// <returns>The checkpoint, or null if no whole one is there.</returns>
    /// <exception cref="CheckpointException">
    /// One cannot be read for another reason than damage: passing over it, a run would lose what may be whole.
    /// </exception>
    public CheckpointData? ReadNewest(Backend? backend = null, Action<CheckpointSkipped>? skipped = null)
    {
        foreach (var path in Checkpoints().Append(BestPath).Where(File.Exists))
        {
            try
            {
                return Read(path, backend);
            }
            catch (CheckpointException bad) when (bad.InnerException is TensorFileException or FileNotFoundException)
            {
                skipped?.Invoke(new CheckpointSkipped(path, bad.Message));
            }
        }

        return null;
    }

    /// <summary>Reads the newest whole checkpoint, for a run to continue from it and write over those that are damaged.</summary>
    /// <param name="backend">Where the tensors go; they belong to no scope.</param>
    /// <param name="skipped">Told of those that are passed over, where a whole one is left.</param>
    /// <returns>The checkpoint, or null if there are none.</returns>
    /// <exception cref="CheckpointException">All are damaged, and the message names them; or one cannot be read.</exception>
    internal CheckpointData? ReadToResume(Backend backend, Action<CheckpointSkipped> skipped)
    {
        var damaged = new List<CheckpointSkipped>();
        var newest = ReadNewest(backend, damaged.Add);
        if (newest is null && damaged.Count > 0)
        {
            throw new CheckpointException($"No checkpoint in the folder '{Location}' is whole. Delete them to begin the run"
                + $" again, or choose another folder. {string.Join(' ', damaged.Select(d => d.Reason))}");
        }

        damaged.ForEach(skipped);
        return newest;
    }

    /// <summary>Removes every checkpoint, the best one too.</summary>
    /// <exception cref="CheckpointException">One could not be removed, or another run holds the folder.</exception>
    public void Clear() => Locked(() =>
    {
        foreach (var path in Checkpoints().Append(BestPath))
            File.Delete(path);
    });

    /// <summary>Where a folder has its best checkpoint.</summary>
    internal static string BestIn(string folder) => Path.Combine(folder, BestName);

    /// <summary>Paths of the checkpoints in a folder, the newest first.</summary>
    internal static IReadOnlyList<string> CheckpointsIn(string folder) =>
        [.. Directory.GetFiles(folder, Prefix + "*" + Extension).Where(path => StepOf(path) >= 0).OrderByDescending(StepOf)];

    /// <summary>What to read in a folder where a file was asked for.</summary>
    private static string FilesIn(string folder)
    {
        try
        {
            return CheckpointsIn(folder).Append(BestIn(folder)).FirstOrDefault(File.Exists) is { } newest
                ? $"Read a file in it, such as '{newest}', or the newest whole one with"
                    + $" new {nameof(CheckpointFolder)}(\"{folder}\").{nameof(ReadNewest)}()."
                : "It holds no checkpoint: train first, or check the path.";
        }
        catch (Exception unreadable) when (unreadable is UnauthorizedAccessException or IOException)
        {
            return $"It cannot be listed: {unreadable.Message}";
        }
    }

    private static long StepOf(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path.AsSpan());
        return long.TryParse(name[Prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var step) ? step : -1;
    }

    // Only what runs write: another program may be writing a file of its own here.
    /// <summary>
    /// Removes what killed programs left: checkpoints and all else that was being written here, such as a chart. What another
    /// program is still writing is locked, and stays.
    /// </summary>
    private void RemoveUnfinished()
    {
        foreach (var file in Directory.GetFiles(Location, $"*{AtomicFile.UnfinishedExtension}"))
        {
            var name = Path.GetFileName(file);
            var isCheckpoint = name.StartsWith(Prefix, StringComparison.Ordinal)
                || name.StartsWith(BestName, StringComparison.Ordinal);
            if (isCheckpoint || (AtomicFile.IsUnfinished(name) && HasLocks && FolderLock.IsFree(file)))
                File.Delete(file);
        }
    }

    /// <summary>Does something under the folder's lock; threads that share this object take turns.</summary>
    private void Locked(Action change)
    {
        lock (gate)
        {
            using var own = held is null ? Lock() : null;
            Writing(change);
        }
    }

    private void Writing(Action change) => Writing(() =>
    {
        change();
        return true;
    });

    private T Writing<T>(Func<T> change)
    {
        try
        {
            return change();
        }
        catch (Exception failed) when (failed is UnauthorizedAccessException or (IOException and not CheckpointException))
        {
            throw new CheckpointException($"The folder '{Location}' cannot be written: {failed.Message} Choose another one.",
                failed);
        }
    }

    private string InFolder(string name) => Path.Combine(Location, name);

    private void Write(string path, CheckpointData checkpoint)
    {
        try
        {
            AtomicFile.Write(path, file => CheckpointFile.Write(file, checkpoint), Create);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            // .NET has the last one for a file that is larger than the file system lets it be.
            throw new CheckpointException(
                $"Checkpoint '{path}' could not be written: {failed.Message} The ones before it are whole.", failed);
        }
    }
}

/// <summary>A checkpoint that was passed over.</summary>
/// <param name="Path">Of the file.</param>
/// <param name="Reason">What is wrong with it.</param>
public readonly record struct CheckpointSkipped(string Path, string Reason);
