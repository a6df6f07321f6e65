namespace SeqCore.Models;

/// <summary>The tokens of a text, and the part of the text that each represents.</summary>
/// <example>
/// <code>
/// var text = "The cat sat";
/// var words = new WordTokenizer(text);
/// var tokenized = words.EncodeWithOffsets(text);
/// Console.WriteLine(text[tokenized.Ranges[1]]);      // cat
/// </code>
/// </example>
public sealed class TokenizedText
{
    /// <summary>Makes the result of an encoding.</summary>
    /// <param name="tokens">The tokens.</param>
    /// <param name="ranges">For each token, the part of the text that it represents.</param>
    /// <exception cref="ArgumentException">There are more or fewer ranges than tokens.</exception>
    public TokenizedText(int[] tokens, Range[] ranges)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(ranges);
        if (tokens.Length != ranges.Length)
        {
            throw new ArgumentException($"TokenizedText: there should be a range for each of"
                + $" {Counted.Of(tokens.Length, "token")}; got {ranges.Length}.", nameof(ranges));
        }

        (Tokens, Ranges) = (tokens, ranges);
    }

    /// <summary>The tokens, each in [0, V).</summary>
    public IReadOnlyList<int> Tokens { get; }

    /// <summary>
    /// For each token, the range of UTF-16 units of the text that it represents, so that <c>text[range]</c> is that part. Tokens
    /// that share a character, as those of its bytes do, each have the whole character; one that represents no text has an empty
    /// range.
    /// </summary>
    public IReadOnlyList<Range> Ranges { get; }
}

/// <summary>Collects tokens and, where they are asked for, their ranges.</summary>
internal sealed class TokenSink(int capacity, bool hasRanges)
{
    private readonly List<Range>? ranges = hasRanges ? new(capacity) : null;

    internal List<int> Tokens { get; } = new(capacity);

    internal bool HasRanges => ranges is not null;

    internal void Add(int token, int start, int end)
    {
        Tokens.Add(token);
        ranges?.Add(start..end);
    }

    internal void AddRange(int start, int end) => ranges!.Add(start..end);

    internal TokenizedText ToText() => new([.. Tokens], [.. ranges!]);
}
