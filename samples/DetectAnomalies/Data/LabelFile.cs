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
    private const string Form = "Labels are a list of windows such as [[\"2024-07-01 10:00:00\", \"2024-07-01 12:30:00\"]], or an"
        + " object with such a list for each file.";

    /// <summary>Reads the windows of a series, in the order of time.</summary>
    /// <param name="path">The JSON file.</param>
    /// <param name="data">The path of the series, which an object has as a key, at least its name.</param>
    /// <exception cref="DataSourceException">
    /// The file is not of that form, or has no windows for the series; the message names the place.
    /// </exception>
    public static IReadOnlyList<(DateTime From, DateTime To)> Read(string path, string data)
    {
        try
        {
            using var document = JsonDocument.Parse(TextFile.Read(path));
            return [.. Windows(document.RootElement, path, data).Select((w, i) => Window(w, $"'{path}', window {i + 1}"))
                .OrderBy(w => w.From)];
        }
        catch (JsonException wrong)
        {
            throw new DataSourceException($"'{path}', line {wrong.LineNumber + 1}, column {wrong.BytePositionInLine + 1}: this is"
                + $" not JSON. {Form}", wrong);
        }
    }

    /// <summary>The steps of windows in time.</summary>
    /// <param name="windows">The windows, in order.</param>
    /// <param name="times">The time of each step.</param>
    /// <param name="path">The file of the windows, for errors.</param>
    /// <exception cref="DataSourceException">A window has no step, or overlaps the one before.</exception>
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
                    + $" {SeriesText.Time(times[0])} to {SeriesText.Time(times[^1])}. Correct it, or leave it out.");
            }

            if (found.Count > 0 && inside[0] < found[^1].End)
            {
                throw new DataSourceException($"{shown} overlaps the one before it, which ends at"
                    + $" {SeriesText.Time(times[found[^1].End - 1])}. Make one window of both.");
            }

            found.Add(new StepRange(inside[0], inside[^1] - inside[0] + 1));
        }

        return found;
    }

    private static JsonElement[] Windows(JsonElement root, string path, string data)
    {
        if (root.ValueKind == JsonValueKind.Array)
            return [.. root.EnumerateArray()];
        if (root.ValueKind != JsonValueKind.Object)
            throw new DataSourceException($"'{path}' holds no windows. {Form}");
        var name = Bare(Path.GetFileName(data));
        JsonProperty[] named = [.. root.EnumerateObject().Where(p => Path.GetFileName(p.Name) == name)];
        if (named.Length == 0)
        {
            throw new DataSourceException($"'{path}' has no windows for '{name}'; it has them for"
                + $" {Listed([.. root.EnumerateObject().Select(p => $"'{p.Name}'")])}.");
        }

        // Of several files of this name, the one in the same folders.
        var full = '/' + Bare(Path.GetFullPath(data).Replace('\\', '/'));
        if (named.Length > 1 && Array.FindAll(named, p => full.EndsWith('/' + p.Name, StringComparison.Ordinal)) is [var same])
            named = [same];
        if (named.Length > 1)
        {
            throw new DataSourceException($"'{path}' has windows for"
                + $" {string.Join(" and ", named.Select(p => $"'{p.Name}'"))}, and"
                + $" each may be '{data}'. Name a file that only has those of this series.");
        }

        return named[0].Value.ValueKind == JsonValueKind.Array
            ? [.. named[0].Value.EnumerateArray()]
            : throw new DataSourceException($"'{path}' has no list of windows for '{named[0].Name}'. {Form}");
    }

    private static (DateTime From, DateTime To) Window(JsonElement window, string place)
    {
        if (window.ValueKind != JsonValueKind.Array || window.GetArrayLength() != 2)
            throw new DataSourceException($"{place} is not a pair of times. {Form}");
        var (from, to) = (Time(window[0], place), Time(window[1], place));
        return from <= to
            ? (from, to)
            : throw new DataSourceException($"{place} begins at {SeriesText.Time(from)}, after its end at {SeriesText.Time(to)}."
                + " Swap the two times.");
    }

    /// <summary>A time that begins with the year; in other orders of day and month one would be taken for the other.</summary>
    private static DateTime Time(JsonElement text, string place) =>
        text.ValueKind == JsonValueKind.String
        && text.GetString()!.Trim() is [>= '0' and <= '9', _, _, >= '0' and <= '9', '-' or '/', ..] time
        && DateTime.TryParse(time, CultureInfo.InvariantCulture,
            DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var read)
            ? read
            : throw new DataSourceException($"{place}: {Excerpt(text.GetRawText())} is not a time such as"
                + " \"2024-07-01 10:00:00\".");

    private static string Listed(string[] names) => names.Length switch
    {
        0 => "no file",
        > 3 => $"{string.Join(", ", names[..3])} and {names.Length - 3} more",
        _ => string.Join(", ", names),
    };

    private static string Excerpt(string raw) => raw.Length <= 40 ? raw : $"{raw[..40]}...";

    private static string Bare(string path) => path.EndsWith(".gz", StringComparison.Ordinal) ? path[..^3] : path;
}
