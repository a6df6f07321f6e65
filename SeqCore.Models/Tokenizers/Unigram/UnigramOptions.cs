namespace SeqCore.Models;

/// <summary>How a <see cref="UnigramTokenizer"/> reads texts; it is saved with the tokenizer.</summary>
public sealed record UnigramOptions
{
    /// <summary>
    /// Whether a text that does not begin with a space is read as if it did, so that its first word has the tokens that it has
    /// within a sentence; the space stays in the decoded text. False by default.
    /// </summary>
    public bool AddsLeadingSpace { get; init; }

    /// <summary>
    /// Whether the name of a special token in a text becomes that token, true by default. If false, names are text as any other:
    /// for texts that come from strangers, who could otherwise end a document or begin another.
    /// </summary>
    public bool ReadsSpecialTokens { get; init; } = true;

    /// <summary>
    /// What the special tokens are for; null, the default, to tell by their names, as <see cref="BytePairOptions.Special"/> does.
    /// </summary>
    public SpecialTokens? Special { get; init; }
}
