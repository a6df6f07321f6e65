namespace SeqCore.Models;

/// <summary>Writes numbers of things in errors.</summary>
internal static class Counted
{
    /// <summary>Returns "1 token" or "2 tokens".</summary>
    /// <param name="count">The number of things.</param>
    /// <param name="noun">The thing, whose plural ends in s; "series" is its own plural.</param>
    internal static string Of(long count, string noun) =>
        count == 1 || noun.EndsWith('s') ? $"{count} {noun}" : $"{count} {noun}s";
}
