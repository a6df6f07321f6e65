using System.Globalization;
using SeqCore.Models;

namespace SeqCore.Samples.Common;

/// <summary>Formats numbers for people.</summary>
public static class Show
{
    /// <summary>A count, for example 12,345.</summary>
    public static string Count(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A loss, for example 1.2345.</summary>
    public static string Loss(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);

    /// <summary>A duration, for example 12.3 s, 4:05 or 1:02:03.</summary>
    public static string Time(double seconds) => seconds switch
    {
        < 0 or double.NaN => "?",
        < 60 => seconds.ToString("0.0", CultureInfo.InvariantCulture) + " s",
        < 3600 => Clock(seconds),
        _ => TimeSpan.FromSeconds(Math.Min(seconds, 1e9)) is var t ? $"{(int)t.TotalHours}:{t.Minutes:00}:{t.Seconds:00}" : "",
    };

    /// <summary>A remaining time, for example 0:42, 4:05 or 1:02:03.</summary>
    public static string Clock(double seconds) => seconds < 3600 ? $"{(int)seconds / 60}:{(int)seconds % 60:00}" : Time(seconds);

    /// <summary>A number with its noun, for example 1 layer or 2 layers.</summary>
    public static string Number(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";

    /// <summary>Returns a percentage, for example 87 %.</summary>
    public static string Share(int part, int whole) =>
        whole == 0 ? "-" : $"{(100.0 * part / whole).ToString("0", CultureInfo.InvariantCulture)} %";

    /// <summary>Returns a fraction as a percentage, for example 87.3 %, or a dash for NaN.</summary>
    public static string Percent(double share) =>
        double.IsNaN(share) ? "-" : $"{(100 * share).ToString("0.0", CultureInfo.InvariantCulture)} %";

    /// <summary>Returns a score and its interval as percentages, for example 87.3 % [85.1, 89.4].</summary>
    public static string Percent(ScoreInterval interval) => string.Create(CultureInfo.InvariantCulture,
        $"{Percent(interval.Score)} [{100 * interval.Low:0.0}, {100 * interval.High:0.0}]");

    /// <summary>As many of the parts as fit into a line, the first ones, with two spaces between them.</summary>
    /// <param name="most">The largest number of characters in the line; the first part is there in any case.</param>
    /// <param name="parts">The parts; empty ones are left out.</param>
    public static string Fitting(int most, params IEnumerable<string> parts)
    {
        var line = "";
        foreach (var part in parts.Where(p => p.Length > 0))
        {
            var longer = line.Length == 0 ? part : $"{line}  {part}";
            if (longer.Length > most && line.Length > 0)
                break;
            line = longer;
        }

        return line;
    }

    /// <summary>
    /// A text in lines that are broken at spaces, except after the -- of a command line; a word that is longer than a line has
    /// its own.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="most">The largest number of characters in a line.</param>
    public static IReadOnlyList<string> Lines(string text, int most)
    {
        var lines = new List<string> { "" };
        foreach (var word in text.Replace(" -- ", " --\0", StringComparison.Ordinal).Split(' ').Select(w => w.Replace('\0', ' ')))
        {
            if (lines[^1].Length > 0 && lines[^1].Length + 1 + word.Length > most)
                lines.Add("");
            lines[^1] = lines[^1].Length == 0 ? word : $"{lines[^1]} {word}";
        }

        return lines;
    }
}
