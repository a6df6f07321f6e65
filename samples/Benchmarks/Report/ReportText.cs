using System.Globalization;
using SeqCore.Samples.Common;

namespace SeqCore.Benchmarks;

/// <summary>Formats figures and Markdown.</summary>
internal static class ReportText
{
    private const int Width = 126;

    /// <summary>Three significant digits, with one to four decimals; empty for null.</summary>
    internal static string Milliseconds(double? value) =>
        value is { } ms ? Fixed(ms, Math.Clamp(2 - (int)Math.Floor(Math.Log10(ms)), 1, 4)) : "";

    internal static string Ratio(double? value, int decimals = 2) => value is { } ratio ? Fixed(ratio, decimals) : "";

    internal static string Percent(double? share) => share is { } part ? $"{Fixed(100 * part, 0)} %" : "";

    /// <summary>"a", "a and b" or "a, b and c".</summary>
    internal static string List(IReadOnlyList<string> words) =>
        words.Count < 2 ? string.Concat(words) : $"{string.Join(", ", words.SkipLast(1))} and {words[^1]}";

    /// <summary>A paragraph in lines.</summary>
    internal static string Paragraph(string text) => string.Join('\n', Show.Lines(text, Width)) + "\n";

    /// <summary>A table whose first column is text and whose others are numbers. Columns without a number are left out.</summary>
    internal static string Table(IReadOnlyList<string> head, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var columns = Enumerable.Range(0, head.Count).Where(c => c == 0 || rows.Any(r => r[c].Length > 0)).ToArray();
        return string.Concat(rows.Prepend([.. head.Select((_, c) => c == 0 ? "---" : "---:")]).Prepend(head)
            .Select(row => $"| {string.Join(" | ", columns.Select(c => row[c]))} |\n"));
    }

    private static string Fixed(double value, int decimals) => value.ToString("F" + decimals, CultureInfo.InvariantCulture);
}
