namespace SeqCore;

/// <summary>Writes numbers of things in errors.</summary>
internal static class Counted
{
    /// <summary>Returns "1 element" or "2 elements".</summary>
    /// <param name="count">The number of things.</param>
    /// <param name="noun">The thing, whose plural ends in s.</param>
    internal static string Of(long count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";
}
