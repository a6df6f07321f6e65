namespace SeqCore.Models;

/// <summary>The tokens of a sentence and a tag for each.</summary>
/// <param name="Tokens">The tokens, at least one.</param>
/// <param name="Tags">The tags, as many as tokens.</param>
/// <param name="Line">The number of the line with the first token if it was read from a file; otherwise 0, the default.</param>
public sealed record TaggedText(IReadOnlyList<string> Tokens, IReadOnlyList<string> Tags, long Line = 0);
