using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.Forecast;

/// <summary>The file of a fitted forecaster in the folder of a run.</summary>
internal static class TrainedForecaster
{
    /// <summary>The name of the file.</summary>
    public const string FileName = "forecaster.safetensors";

    /// <summary>Loads a forecaster.</summary>
    /// <param name="path">The path of the file or of a run's folder; null for the newest run.</param>
    /// <param name="terminal">Shows which run is the newest.</param>
    /// <returns>The forecaster and the path of its file.</returns>
    /// <exception cref="CheckpointException">The file cannot be read, or holds another kind of model.</exception>
    /// <exception cref="UserException">There is none.</exception>
    public static (ConformalForecaster Forecaster, string Path) Load(string? path, Terminal terminal)
    {
        if (path is null)
        {
            path = Newest();
            terminal.Error.WriteLine($"The forecaster is {path}, the newest; name another one with --checkpoint.");
        }
        else if (Directory.Exists(path))
        {
            var inside = System.IO.Path.Combine(path, FileName);
            path = File.Exists(inside) ? inside : throw new UserException($"--checkpoint: there is no {FileName} in the folder"
                + $" '{path}'. Name a folder that the train command finished.", isUsage: true);
        }

        return (ConformalForecaster.Load(path), path);
    }

    private static string Newest() => (Directory.Exists(Runs.Folder) ? Directory.GetDirectories(Runs.Folder) : [])
        .Select(d => System.IO.Path.Combine(d, FileName)).Where(File.Exists).MaxBy(File.GetLastWriteTimeUtc)
        ?? throw new UserException($"There is no forecaster in the folder '{Runs.Folder}'. Run the train command first, or name"
            + " one with --checkpoint.");
}
