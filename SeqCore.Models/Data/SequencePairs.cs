namespace SeqCore.Models;

/// <summary>
/// Pairs of token sequences, such as a text and its translation. They do not contain padding or the tokens that begin and end a
/// target; batches add them.
/// </summary>
public sealed class SequencePairs
{
    private readonly (int[] Source, int[] Target)[] pairs;

    /// <summary>Makes a list of pairs.</summary>
    /// <param name="pairs">The pairs, at least one; a source has at least one token, a target may be empty.</param>
    /// <exception cref="DataSourceException">There is no pair, or a source is empty.</exception>
    /// <exception cref="ArgumentException">A source or target is null; the message names the pair.</exception>
    public SequencePairs(IEnumerable<(int[] Source, int[] Target)> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        this.pairs = [.. pairs];
        if (this.pairs.Length == 0)
            throw new DataSourceException("There are no pairs of sequences.");
        var missing = Array.FindIndex(this.pairs, p => p.Source is null || p.Target is null);
        if (missing >= 0)
            throw new ArgumentException($"SequencePairs: the source or the target of pair {missing} is null.", nameof(pairs));
        var empty = Array.FindIndex(this.pairs, p => p.Source.Length == 0);
        if (empty >= 0)
            throw new DataSourceException($"The source of pair {empty} is empty; it should have at least one token.");
    }

    /// <summary>The number of pairs.</summary>
    public int Count => pairs.Length;

    /// <summary>The number of tokens of the longest source.</summary>
    public int LongestSource => pairs.Max(p => p.Source.Length);

    /// <summary>The number of tokens of the longest target.</summary>
    public int LongestTarget => pairs.Max(p => p.Target.Length);

    /// <summary>The SHA-256 hash of all tokens.</summary>
    internal string DataHash => Models.DataHash.Of(pairs.SelectMany(p => new[] { p.Source, p.Target }));

    /// <summary>Returns the source of a pair.</summary>
    public ReadOnlySpan<int> Source(int index) => pairs[index].Source;

    /// <summary>Returns the target of a pair.</summary>
    public ReadOnlySpan<int> Target(int index) => pairs[index].Target;

    /// <summary>Returns the pairs from a position on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are not that many pairs.</exception>
    public SequencePairs Slice(int start, int count)
    {
        Argument.AtLeast(start, nameof(SequencePairs), nameof(start), 0);
        Argument.AtLeast(count, nameof(SequencePairs), nameof(count));
        Argument.AtMost(count, nameof(SequencePairs), nameof(count), Count - start);
        return new SequencePairs(pairs.Skip(start).Take(count));
    }
}
