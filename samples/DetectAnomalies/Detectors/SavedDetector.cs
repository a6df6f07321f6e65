using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.DetectAnomalies;

/// <summary>Finds and loads a detector that the train command saved.</summary>
internal static class SavedDetector
{
    /// <summary>What the folders of runs begin with.</summary>
    public const string Prefix = "anomalies-";

    /// <summary>The option of a saved detector.</summary>
    public static Option<string?> Option() => OptionKinds.Path("--checkpoint",
        "The folder of a run, or a detector's file. [default: the newest under runs]", "PATH");

    /// <summary>Loads a detector.</summary>
    /// <param name="path">The value of the option.</param>
    /// <param name="terminal">Shows which one is taken where none is named.</param>
    /// <exception cref="UserException">There is none.</exception>
    public static AnomalyDetector Load(string? path, Terminal terminal)
    {
        if (path is null)
        {
            path = Newest() ?? throw new UserException($"There is no detector in the folder '{Runs.Folder}'. Run the train"
                + " command first, or name one with --checkpoint.");
            terminal.Error.WriteLine($"The detector is {path}, the newest; name another one with --checkpoint.");
        }

        return AnomalyDetector.Load(path);
    }

    /// <summary>The file of a detector that --checkpoint names; null if it names none.</summary>
    public static string? FileOf(string? path) => (path ?? Newest()) is { } found
        ? Directory.Exists(found) ? Path.Combine(found, ModelFile.FileName) : found
        : null;

    /// <summary>The first step of a series that the detector has not seen; says which it leaves out.</summary>
    /// <exception cref="UserException">The series does not suit the detector.</exception>
    public static int FirstNew(AnomalyDetector detector, MarkedSeries series, Terminal terminal)
    {
        var (frame, values) = (detector.Frame!, series.Values);
        if (!frame.Channels.SequenceEqual(values.Channels))
        {
            throw new UserException($"{series.Source} has the columns {string.Join(", ", values.Channels)}, and the detector was"
                + $" trained on {string.Join(", ", frame.Channels)}. Name a file with --data, and its columns with --columns.");
        }

        RequireInterval(frame.Interval, series);
        if (frame.Next is not { } next)
            return 0;
        var first = Enumerable.Range(0, values.Length).FirstOrDefault(t => values.TimeAt(t) >= next, values.Length);
        if (first == values.Length)
        {
            throw new UserException($"{series.Source} ends at {series.TimeOf(values.Length - 1)}, and the detector has seen"
                + $" everything before {SeriesText.Time(next)}. Name a file with later rows.");
        }

        if (first > 0)
        {
            terminal.Error.WriteLine($"The detector has seen everything before {SeriesText.Time(next)}:"
                + $" {Show.Number(first, "row")} of {series.Source} {(first == 1 ? "is" : "are")} left out.");
        }

        return first;
    }

    private static void RequireInterval(SamplingInterval? trained, MarkedSeries series)
    {
        if (trained == series.Values.Interval)
            return;
        throw new UserException((trained, series.Values.Interval) switch
        {
            (null, _) => $"The detector was trained on rows without times, and {series.Source} has been read with times. Read it"
                + " without them too: --time none.",
            ({ } steps, null) => $"{series.Source} has been read without times, and the detector was trained on steps of {steps}."
                + " Leave --time none out, or name the column of the time.",
            var (steps, others) => $"{series.Source} has steps of {others}, and the detector was trained on steps of {steps}."
                + " Name a file with the same steps, or train a detector on these.",
        });
    }

    private static string? Newest() => !Directory.Exists(Runs.Folder) ? null
        : Directory.GetDirectories(Runs.Folder).Select(d => Path.Combine(d, ModelFile.FileName)).Where(IsDetector)
            .MaxBy(File.GetLastWriteTimeUtc);

    /// <summary>Whether a file holds a detector; other programs keep their runs in the same folder.</summary>
    private static bool IsDetector(string path)
    {
        if (!File.Exists(path))
            return false;
        try
        {
            using var file = ModelFile.Open(path);
            return file.Kind.EndsWith("-detector", StringComparison.Ordinal);
        }
        catch (CheckpointException)
        {
            return false;
        }
    }
}
