using System.Runtime.CompilerServices;

namespace SeqCore.Models;

/// <summary>
/// What a stream has read through generators, row by row, so that a stream that has to begin again can read the last of it again.
/// A stream does not remember tokens; if it was advanced by other means since, its past is not known.
/// </summary>
internal sealed class StreamPast
{
    private static readonly ConditionalWeakTable<TokenStream, StreamPast> pasts = [];
    private readonly int? remaining;
    private readonly List<int>[] rows;

    private StreamPast(int? remaining, List<int>[] rows) => (this.remaining, this.rows) = (remaining, rows);

    /// <summary>Takes the past of a stream; code that advances the stream has to <see cref="Keep"/> it again.</summary>
    /// <param name="stream">The stream that has read the tokens.</param>
    /// <param name="isKnown">Whether the past is all that the stream has read.</param>
    /// <returns>A list of tokens for each row.</returns>
    internal static List<int>[] Take(TokenStream stream, out bool isKnown)
    {
        if (pasts.TryGetValue(stream, out var past))
        {
            pasts.Remove(stream);
            if (stream.HasPredicted && past.remaining == stream.Remaining)
            {
                isKnown = true;
                return past.rows;
            }
        }

        isKnown = !stream.HasPredicted;
        return [.. Enumerable.Range(0, stream.BatchSize).Select(_ => new List<int>())];
    }

    /// <summary>Records what a stream has read; only a stream with a limited length needs it.</summary>
    internal static void Keep(TokenStream stream, IEnumerable<List<int>> rows)
    {
        if (stream.Remaining is { } remaining)
            pasts.AddOrUpdate(stream, new StreamPast(remaining, [.. rows]));
    }
}
