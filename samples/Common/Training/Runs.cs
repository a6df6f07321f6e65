using System.CommandLine;
using SeqCore.Models;

namespace SeqCore.Samples.Common;

/// <summary>The folders of training runs, and the models in them.</summary>
public static class Runs
{
    /// <summary>The folder of runs for which none is named.</summary>
    public const string Folder = "runs";

    /// <summary>A folder under runs that does not exist yet: name, name-2, name-3, ...</summary>
    public static string NewFolder(string name)
    {
        var path = Path.Combine(Folder, name);
        for (var i = 2; Directory.Exists(path); i++)
            path = Path.Combine(Folder, $"{name}-{i}");
        return path;
    }

    /// <summary>The folder for a training run, according to --out and --resume.</summary>
    /// <param name="options">The options with --out and --resume.</param>
    /// <param name="name">The name of a new folder under runs.</param>
    /// <param name="kinds">The kinds of model that the program knows.</param>
    /// <exception cref="UserException">There is nothing to resume there, or there is a run that would be overwritten.</exception>
    /// <exception cref="CheckpointException">Another process is still running there.</exception>
    public static string Choose(TrainingOptions options, string name, IReadOnlyList<string> kinds)
    {
        var (folder, resume) = (options.Out, options.Resume);
        if (folder is null)
            return resume ? NewestFolder(kinds, "name the folder to resume with --out") : NewFolder(name);
        if (resume && !HasRun(folder))
        {
            throw new UserException($"--resume: there is no run in the folder '{folder}'."
                + " Check --out, or leave --resume out to start one there.", isUsage: true);
        }

        if (!resume && Checkpoints(folder).Count > 0)
        {
            // For a run in progress this throws the error that names its process.
            new CheckpointFolder(folder).Lock().Dispose();
            throw new UserException($"The folder '{folder}' holds the checkpoints of another run."
                + " Continue that run with --resume, or choose another folder with --out.");
        }

        return folder;
    }

    /// <summary>Whether a folder holds a run: metrics exist from before its first step, checkpoints come later.</summary>
    public static bool HasRun(string folder) =>
        File.Exists(Path.Combine(folder, "metrics.jsonl")) || Checkpoints(folder).Count > 0;

    /// <summary>The paths of the checkpoints in a folder, the newest first.</summary>
    public static IReadOnlyList<string> Checkpoints(string folder) =>
        Directory.Exists(folder)
            ? [.. Directory.GetFiles(folder, "checkpoint-*.safetensors").OrderDescending(StringComparer.Ordinal)]
            : [];

    /// <summary>A path as configurations record it: <c>run</c>, <c>./run</c> and <c>run/</c> are the same.</summary>
    /// <param name="path">The path that the user typed; null for none.</param>
    public static string? NameOf(string? path)
    {
        if (path is null)
            return null;
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        return Path.IsPathRooted(path) ? full : Path.GetRelativePath(Directory.GetCurrentDirectory(), full);
    }

    /// <summary>The model that training starts from, on its own data if no others are named.</summary>
    /// <typeparam name="TModel">The model's class.</typeparam>
    /// <param name="path">The value of --from; null for a new model.</param>
    /// <param name="kinds">The kinds of model that the program knows.</param>
    /// <param name="load">Makes the model from its file.</param>
    /// <param name="data">The data options, which take the data that the model was trained on.</param>
    /// <param name="result">The command line.</param>
    /// <param name="terminal">Shows which data are taken.</param>
    /// <returns>The model; null where --from is left out.</returns>
    public static TModel? Start<TModel>(string? path, IReadOnlyList<string> kinds, Func<ModelFile, TModel> load,
        DataOptions data, ParseResult result, Terminal terminal) where TModel : Model
    {
        if (path is null)
            return null;
        using var file = Open(path, kinds, terminal);
        var model = load(file);
        data.TakeFrom(result, path, file.Configuration, terminal);
        return model;
    }

    /// <summary>Opens a trained model.</summary>
    /// <param name="path">A model's file, a checkpoint or a folder; null for the program's newest run.</param>
    /// <param name="kinds">The kinds of model that the program knows.</param>
    /// <param name="terminal">Shows checkpoints that are skipped because they are damaged.</param>
    /// <exception cref="CheckpointException">The file cannot be read, or belongs to another program.</exception>
    /// <exception cref="UserException">There is no model.</exception>
    public static ModelFile Open(string? path, IReadOnlyList<string> kinds, Terminal terminal)
    {
        var file = ModelFile.Open(path ?? NewestFolder(kinds, "name one with --checkpoint"),
            skipped => terminal.Error.WriteLine($"Skipped: {skipped.Reason}"));
        if (kinds.Contains(file.Kind))
            return file;
        using (file)
        {
            throw new CheckpointException($"'{file.Source}' belongs to another program: it holds a model of the kind"
                + $" '{file.Kind}', not {string.Join(" or ", kinds)}. Name a model that the train command wrote.");
        }
    }

    /// <summary>
    /// The folder under runs with the newest checkpoint of a program, which is recognized by its kinds of model.
    /// </summary>
    /// <exception cref="UserException">There is no model.</exception>
    private static string NewestFolder(IReadOnlyList<string> kinds, string hint) =>
        (Directory.Exists(Folder) ? Directory.GetDirectories(Folder) : [])
            .Where(d => Checkpoints(d).Count > 0).OrderByDescending(d => File.GetLastWriteTimeUtc(Checkpoints(d)[0]))
            .FirstOrDefault(d => IsOwn(d, kinds))
        ?? throw new UserException($"There is no checkpoint in the folder '{Folder}'. Run the train command first, or {hint}.");

    /// <summary>
    /// Whether a folder holds a model of one of these kinds; true where none is whole, so that reading one gives the reason.
    /// </summary>
    private static bool IsOwn(string folder, IReadOnlyList<string> kinds)
    {
        try
        {
            using var file = ModelFile.Open(folder);
            return kinds.Contains(file.Kind);
        }
        catch (CheckpointException)
        {
            return true;
        }
    }
}
