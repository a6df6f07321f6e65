namespace SeqCore.Samples.Common;

/// <summary>Lines of CSV.</summary>
public static class CsvLine
{
    /// <summary>The line of these cells; one with a comma, a quote or a line break is in quotes (RFC 4180).</summary>
    public static string Of(params IEnumerable<string> cells) => string.Join(',', cells.Select(Quoted));

    private static string Quoted(string cell) => cell.AsSpan().ContainsAny(",\"\r\n")
        ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
        : cell;
}
