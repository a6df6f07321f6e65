using System.Globalization;
using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// A folder with the newest checkpoints of a run and the best one. A checkpoint is written under another name, flushed to the
/// disk and only then renamed, so the earlier ones stay whole whatever happens meanwhile (a kill, a full disk). A writer holds a
/// lock on the folder, so that two runs never mix; readers need none.
/// </summary>
public sealed class CheckpointFolder
{
    private const string Prefix = "checkpoint-";
    private const string Extension = ".safetensors";
    private const string BestName = "best" + Extension;
    private readonly int keep;
    private readonly System.Threading.Lock gate = new();
    private FolderLock? held;

    /// <summary>Opens a folder, and creates it if it is missing; existing files are not changed.</summary>
    /// <param name="path">The path of the folder.</param>
    /// <param name="keep">The number of newest checkpoints to keep, K, at least 1; 3 by default.</param>
    /// <exception cref="CheckpointException">The folder cannot be created or written.</exception>
    public CheckpointFolder(string path, int keep = 3)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Argument.AtLeast(keep, nameof(CheckpointFolder), nameof(keep));
        Location = path;
        this.keep = keep;
        HasLocks = Writing(() =>
        {
            Directory.CreateDirectory(path);
            return FolderLock.IsKept(path);
        });
    }

    /// <summary>The path of the folder.</summary>
    public string Location { get; }

    /// <summary>
    /// Whether a second run in the folder is detected. Some network file systems have no locks; there the user must start only
    /// one run.
    /// </summary>
    public bool HasLocks { get; }

    /// <summary>The path of the best checkpoint, if there is one.</summary>
    public string BestPath => BestIn(Location);

    /// <summary>Opens a file to write a checkpoint to; tests replace it by a disk that fills up.</summary>
    internal Func<string, FileStream>? Create { get; init; }

    /// <summary>
    /// Whether to keep a checkpoint that is not one of the newest, from its step and that of the newest; null keeps none.
    /// </summary>
    internal Func<long, long, bool>? Spares { get; init; }

    /// <summary>Returns the paths of the checkpoints, newest first.</summary>
    public IReadOnlyList<string> Checkpoints() => CheckpointsIn(Location);

    /// <summary>
    /// Locks the folder for a run until the result is disposed or the process ends in any way, and removes what a killed run left
    /// unfinished. <see cref="Save"/>, <see cref="SaveBest"/> and <see cref="Clear"/> lock it while they run if this object does
    /// not hold the lock.
    /// </summary>
    /// <returns>An object that releases the lock when it is disposed.</returns>
    /// <exception cref="CheckpointException">
    /// Another run, in this process or another, holds the lock, and the message names its process; or the folder cannot be
    /// written.
    /// </exception>
    /// <remarks>On a file system without locks (see <see cref="HasLocks"/>) no run is rejected.</remarks>
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
    /// Saves a checkpoint as the one of its step, and removes all but the newest K. Checkpoints of later steps are removed too:
    /// the run was resumed before them and will make them again.
    /// </summary>
    /// <returns>The path of the checkpoint.</returns>
    /// <exception cref="CheckpointException">
    /// The checkpoint could not be written, or another run holds the folder; earlier checkpoints are unchanged.
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
                .Concat(all.Where(p => StepOf(p) <= checkpoint.Step).Skip(keep)
                    .Where(p => Spares?.Invoke(StepOf(p), checkpoint.Step) is not true)))
                File.Delete(other);
        });
        return path;
    }

    /// <summary>Saves a checkpoint as the best one.</summary>
    /// <returns>The path of the checkpoint.</returns>
    /// <exception cref="CheckpointException">
    /// The checkpoint could not be written, or another run holds the folder; the earlier one is unchanged.
    /// </exception>
    public string SaveBest(CheckpointData checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        Locked(() => Write(BestPath, checkpoint));
        return BestPath;
    }

    /// <summary>Reads one checkpoint from a file.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="backend">The backend on which the tensors are made, null for the default; they belong to no scope.</param>
    /// <exception cref="CheckpointException">The file is missing, a folder, truncated, altered or not a checkpoint.</exception>
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

    /// <summary>Reads the newest intact checkpoint, or the best one if there is no other, which holds as much.</summary>
    /// <param name="backend">The backend on which the tensors are made, null for the default; they belong to no scope.</param>
    /// <param name="skipped">Receives each truncated or altered checkpoint that is skipped for an earlier one.</param>
    /// <returns>The checkpoint, or null if there is no intact one.</returns>
    /// <exception cref="CheckpointException">
    /// A checkpoint cannot be read for another reason than damage; skipping it could lose an intact one.
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

    /// <summary>
    /// Reads the newest checkpoint with the average of the weights of the newest ones, which often is better than any of them
    /// (Vaswani et al., arXiv:1706.03762, section 6.1). What belongs to the optimizer and the run is that of the newest.
    /// </summary>
    /// <param name="count">The number of checkpoints to average, at least 1; if there are fewer, all are averaged.</param>
    /// <param name="backend">The backend on which the tensors are made, null for the default; they belong to no scope.</param>
    /// <returns>The checkpoint; its weights are <c>Part("model")</c>.</returns>
    /// <exception cref="CheckpointException">
    /// There is no checkpoint, or one cannot be read or does not fit the others.
    /// </exception>
    public CheckpointData ReadAverage(int count, Backend? backend = null)
    {
        Argument.AtLeast(count, nameof(CheckpointFolder), nameof(count));
        string[] paths = [.. Checkpoints().Take(count)];
        return paths.Length > 0
            ? CheckpointAverage.Of(paths, backend)
            : throw new CheckpointException(
                $"The folder '{Location}' has no checkpoint to average. Train first, or check the path.");
    }

    /// <summary>Reads the newest intact checkpoint for a run that continues from it and overwrites damaged ones.</summary>
    /// <param name="backend">The backend on which the tensors are made; they belong to no scope.</param>
    /// <param name="skipped">Receives the damaged checkpoints that are skipped, if an intact one is left.</param>
    /// <returns>The checkpoint, or null if there are none.</returns>
    /// <exception cref="CheckpointException">
    /// All checkpoints are damaged, and the message names them; or one cannot be read.
    /// </exception>
    internal CheckpointData? ReadToResume(Backend backend, Action<CheckpointSkipped> skipped)
    {
        var damaged = new List<CheckpointSkipped>();
        var newest = ReadNewest(backend, damaged.Add);
        if (newest is null && damaged.Count > 0)
        {
            throw new CheckpointException($"No checkpoint in the folder '{Location}' is intact. Delete them to start the run"
                + $" again, or choose another folder. {string.Join(' ', damaged.Select(d => d.Reason))}");
        }

        damaged.ForEach(skipped);
        return newest;
    }

    /// <summary>Removes all checkpoints, including the best one.</summary>
    /// <exception cref="CheckpointException">A checkpoint could not be removed, or another run holds the folder.</exception>
    public void Clear() => Locked(() =>
    {
        foreach (var path in Checkpoints().Append(BestPath))
            File.Delete(path);
    });

    /// <summary>Returns the path of the best checkpoint in a folder.</summary>
    internal static string BestIn(string folder) => Path.Combine(folder, BestName);

    /// <summary>Returns the paths of the checkpoints in a folder, newest first.</summary>
    internal static IReadOnlyList<string> CheckpointsIn(string folder) =>
        [.. Directory.GetFiles(folder, Prefix + "*" + Extension).Where(path => StepOf(path) >= 0).OrderByDescending(StepOf)];

    /// <summary>Suggests what to read in a folder if a file was asked for.</summary>
    private static string FilesIn(string folder)
    {
        try
        {
            return CheckpointsIn(folder).Append(BestIn(folder)).FirstOrDefault(File.Exists) is { } newest
                ? $"Read a file in it, such as '{newest}', or the newest intact one with"
                    + $" new {nameof(CheckpointFolder)}(\"{folder}\").{nameof(ReadNewest)}()."
                : "It holds no checkpoint: train first, or check the path.";
        }
        catch (Exception unreadable) when (unreadable is UnauthorizedAccessException or IOException)
        {
            return $"It cannot be listed: {unreadable.Message}";
        }
    }

    /// <summary>Returns the step of a checkpoint, from its name; -1 if it is not that of a checkpoint.</summary>
    internal static long StepOf(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path.AsSpan());
        return long.TryParse(name[Prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var step) ? step : -1;
    }

    // Only files that runs write: another program may be writing its own file here.
    /// <summary>
    /// Removes what killed programs left: checkpoints and other files that were being written here, such as a chart. A file that
    /// another program is still writing is locked and is kept.
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

    /// <summary>Runs an action under the folder's lock; threads that share this object take turns.</summary>
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
            // .NET throws the last one for a file that is larger than the file system allows.
            throw new CheckpointException(
                $"Checkpoint '{path}' could not be written: {failed.Message} Earlier checkpoints are intact.", failed);
        }
    }
}

/// <summary>A checkpoint that was skipped.</summary>
/// <param name="Path">The path of the file.</param>
/// <param name="Reason">The reason why it was skipped.</param>
public readonly record struct CheckpointSkipped(string Path, string Reason);
