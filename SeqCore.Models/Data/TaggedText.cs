namespace SeqCore.Models;

/// <summary>The tokens of a sentence and a tag for each.</summary>
/// <param name="Tokens">The tokens, at least one.</param>
/// <param name="Tags">The tags, as many as tokens.</param>
/// <param name="Line">The number of the line with the first token if it was read from a file; otherwise 0, the default.</param>
public sealed record TaggedText(IReadOnlyList<string> Tokens, IReadOnlyList<string> Tags, long Line = 0)
{
    /// <summary>The number of the line of each token; null if they follow one another.</summary>
    internal IReadOnlyList<long>? Lines { get; init; }

    /// <summary>Returns the number of the line with a token if the sentence was read from a file; otherwise 0.</summary>
    /// <param name="token">The index of the token.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such token.</exception>
    public long LineOf(int token) => token < 0 || token >= Tokens.Count
        ? throw new ArgumentOutOfRangeException(nameof(token), token,
            $"{nameof(TaggedText)}: the index of a token should be in [0, {Tokens.Count}).")
        : Line == 0 ? 0 : Lines?[token] ?? Line + token;
}
