using System.Globalization;
using SeqCore.Models;

namespace SeqCore.Samples.DetectAnomalies;

/// <summary>
/// The series of known cause of the Numenta benchmark, in a copy of its repository. Each row is a step, as the benchmark takes
/// them: some times there repeat, go back or leave gaps.
/// </summary>
internal static class NabFolder
{
    private const string Part = "realKnownCause";

    /// <summary>Reads all series; their normal part is the probationary period of the benchmark.</summary>
    /// <exception cref="DataSourceException">A file is missing or not of that form.</exception>
    public static IReadOnlyList<MarkedSeries> Read(string folder)
    {
        var labels = Path.Combine(folder, "labels", "combined_windows.json");
        var data = Path.Combine(folder, "data", Part);
        string[] paths = Directory.Exists(data)
            ? [.. Directory.GetFiles(data, "*.csv*").Order(StringComparer.Ordinal)]
            : [];
        if (paths.Length == 0)
        {
            throw new DataSourceException($"There is no file *.csv in '{data}'. Name the folder of a copy of"
                + " github.com/numenta/NAB with --nab.");
        }

        return [.. paths.Select(p => ReadOne(p, labels))];
    }

    private static MarkedSeries ReadOne(string path, string labels)
    {
        var (times, values) = (new List<DateTime>(), new List<float>());
        foreach (var row in DelimitedFile.Read(path))
        {
            times.Add(DateTime.TryParse(row[1], CultureInfo.InvariantCulture, out var time)
                ? time
                : throw row.Error(1, $"'{row[1]}' is not a time"));
            values.Add(float.TryParse(row[2], CultureInfo.InvariantCulture, out var value) && float.IsFinite(value)
                ? value
                : throw row.Error(2, $"'{row[2]}' is not a finite number"));
        }

        if (values.Count < 2)
            throw new DataSourceException($"'{path}' has no rows.");
        var windows = LabelFile.StepsOf(LabelFile.Read(labels, path), times, labels);
        var series = new TimeSeries([.. values]);
        var steps = times.Zip(times.Skip(1), (a, b) => b - a).Order().ToArray();
        return new MarkedSeries(Path.GetFileName(path).Split('.')[0], series, new NabSeries(series.Length, windows).Probation,
            windows, steps[steps.Length / 2])
        {
            Path = path,
            Times = times,
        }.Checked();
    }
}
