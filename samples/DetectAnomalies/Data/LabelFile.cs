using System.Globalization;
using System.Text.Json;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.DetectAnomalies;

/// <summary>
/// Reads labelled windows as the Numenta benchmark writes them: a list of pairs of times, or an object with such a list for each
/// file.
/// </summary>
internal static class LabelFile
{
    /// <summary>Reads the windows of a series.</summary>
    /// <param name="path">The JSON file.</param>
    /// <param name="data">The path of the series, which an object has as a key, at least its name.</param>
    /// <exception cref="DataSourceException">The file is not of that form, or has no windows for the series.</exception>
    public static IReadOnlyList<(DateTime From, DateTime To)> Read(string path, string data)
    {
        try
        {
            using var document = JsonDocument.Parse(TextFile.Read(path));
            return [.. Windows(document.RootElement, path, data).Select(w => (Time(w[0]), Time(w[1])))];
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or FormatException
            or IndexOutOfRangeException)
        {
            throw new DataSourceException($"'{path}' does not hold windows such as [[\"2024-07-01 10:00:00\", \"2024-07-01"
                + $" 12:30:00\"]], or an object of such lists for files: {wrong.Message}", wrong);
        }
    }

    /// <summary>The steps of windows in time.</summary>
    /// <param name="windows">The windows, in order.</param>
    /// <param name="times">The time of each step.</param>
    /// <param name="path">The file of the windows, for errors.</param>
    /// <exception cref="DataSourceException">A window has no step, or is not behind the one before.</exception>
    public static IReadOnlyList<StepRange> StepsOf(IReadOnlyList<(DateTime From, DateTime To)> windows,
        IReadOnlyList<DateTime> times, string path)
    {
        var found = new List<StepRange>();
        foreach (var (from, to) in windows)
        {
            int[] inside = [.. Enumerable.Range(0, times.Count).Where(i => times[i] >= from && times[i] <= to)];
            var shown = $"'{path}': the window from {SeriesText.Time(from)} to {SeriesText.Time(to)}";
            if (inside.Length == 0)
            {
                throw new DataSourceException($"{shown} has no step of the series, which lasts from"
                    + $" {SeriesText.Time(times[0])} to {SeriesText.Time(times[^1])}.");
            }

            if (found.Count > 0 && inside[0] < found[^1].End)
                throw new DataSourceException($"{shown} is not behind the window before it.");
            found.Add(new StepRange(inside[0], inside[^1] - inside[0] + 1));
        }

        return found;
    }

    private static IEnumerable<JsonElement> Windows(JsonElement root, string path, string data)
    {
        if (root.ValueKind == JsonValueKind.Array)
            return root.EnumerateArray();
        var name = Path.GetFileName(data);
        name = name.EndsWith(".gz", StringComparison.Ordinal) ? name[..^3] : name;
        var property = root.EnumerateObject().FirstOrDefault(p => Path.GetFileName(p.Name) == name);
        return property.Value.ValueKind == JsonValueKind.Array
            ? property.Value.EnumerateArray()
            : throw new DataSourceException($"'{path}' has no windows for '{name}'.");
    }

    private static DateTime Time(JsonElement text) =>
        DateTime.Parse(text.GetString() ?? "", CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal
            | DateTimeStyles.AssumeUniversal);
}
