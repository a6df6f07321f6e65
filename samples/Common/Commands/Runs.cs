using SeqCore.Models;

namespace SeqCore.Samples.Common;

/// <summary>The folders of training runs, and the checkpoints in them.</summary>
public static class Runs
{
    /// <summary>Where runs go that are not given a folder.</summary>
    public const string Folder = "runs";

    /// <summary>A folder under runs that is not there yet: name, name-2, name-3, ...</summary>
    public static string NewFolder(string name)
    {
        var path = Path.Combine(Folder, name);
        for (var i = 2; Directory.Exists(path); i++)
            path = Path.Combine(Folder, $"{name}-{i}");
        return path;
    }

    /// <summary>The folder under runs with the newest checkpoint of a program, which its models' form tells from others.</summary>
    /// <exception cref="UserException">There is none.</exception>
    public static string NewestFolder<TForm, TModel>(string hint)
        where TForm : IModelForm<TForm, TModel>
        where TModel : Module =>
        (Directory.Exists(Folder) ? Directory.GetDirectories(Folder) : [])
            .Where(d => Checkpoints(d).Count > 0).OrderByDescending(d => File.GetLastWriteTimeUtc(Checkpoints(d)[0])).FirstOrDefault(IsOwn<TForm, TModel>)
        ?? throw new UserException($"There is no checkpoint in the folder '{Folder}'. Run the train command first, or {hint}.");

    /// <summary>The folder for a training run, according to --out and --resume.</summary>
    /// <param name="settings">With both.</param>
    /// <param name="name">Of a new folder under runs.</param>
    /// <exception cref="UserException">There is nothing to resume there, or there is a run that would be overwritten.</exception>
    public static string Choose<TForm, TModel>(RunSettings settings, string name)
        where TForm : IModelForm<TForm, TModel>
        where TModel : Module
    {
        var (folder, resume) = (settings.Out, settings.Resume);
        if (folder is null)
            return resume ? NewestFolder<TForm, TModel>("name the folder to resume with --out") : NewFolder(name);
        if (resume && !HasRun(folder))
            throw new UserException($"--resume: there is no run in the folder '{folder}'. Check --out, or leave --resume out to begin one there.", isUsage: true);
        if (!resume && Checkpoints(folder).Count > 0)
            throw new UserException($"The folder '{folder}' holds the checkpoints of another run. Go on with that run with --resume, or choose another folder with --out.");
        return folder;
    }

    /// <summary>Whether a run began in a folder: metrics are there from before its first step, checkpoints come later.</summary>
    public static bool HasRun(string folder) => File.Exists(Path.Combine(folder, "metrics.jsonl")) || Checkpoints(folder).Count > 0;

    /// <summary>Paths of the checkpoints in a folder, the newest first.</summary>
    public static IReadOnlyList<string> Checkpoints(string folder) =>
        Directory.Exists(folder) ? [.. Directory.GetFiles(folder, "checkpoint-*.safetensors").OrderDescending(StringComparer.Ordinal)] : [];

    /// <summary>Reads a checkpoint file, or the newest whole one in a folder.</summary>
    /// <param name="path">File or folder; null for the program's newest run.</param>
    /// <param name="terminal">Told of checkpoints that were passed over.</param>
    /// <exception cref="CheckpointException">It cannot be read.</exception>
    /// <exception cref="UserException">There is none.</exception>
    /// <returns>The checkpoint and its path.</returns>
    public static (CheckpointData Checkpoint, string Path) Read<TForm, TModel>(string? path, Terminal terminal)
        where TForm : IModelForm<TForm, TModel>
        where TModel : Module
    {
        path ??= NewestFolder<TForm, TModel>("name one with --checkpoint");
        if (!Directory.Exists(path))
            return (CheckpointFolder.Read(path), path);
        foreach (var file in Checkpoints(path))
        {
            try
            {
                return (CheckpointFolder.Read(file), file);
            }
            catch (CheckpointException bad)
            {
                terminal.Error.WriteLine($"Passed over: {bad.Message}");
            }
        }

        throw new UserException($"There is no whole checkpoint in the folder '{path}'. Run the train command first, or name another with --checkpoint.");
    }

    /// <summary>Whether the newest whole checkpoint in a folder has a form; true where none is whole, so that reading it tells.</summary>
    private static bool IsOwn<TForm, TModel>(string folder)
        where TForm : IModelForm<TForm, TModel>
        where TModel : Module
    {
        foreach (var file in Checkpoints(folder))
        {
            if (Configuration(file) is { } configuration)
                return new SavedForm(configuration, file).Fits(TForm.Of);
        }

        return true;
    }

    /// <summary>Null where the checkpoint is not whole.</summary>
    private static IReadOnlyDictionary<string, string>? Configuration(string file)
    {
        try
        {
            using var checkpoint = CheckpointFolder.Read(file);
            return checkpoint.Configuration;
        }
        catch (CheckpointException)
        {
            return null;
        }
    }
}
