namespace SeqCore.Models;

/// <summary>Specifies how a <see cref="BeamSearch"/> searches for the best texts.</summary>
public sealed record BeamSearchOptions
{
    /// <summary>The largest number of tokens in a text, without the prompt but with the end token; at least 1.</summary>
    public required int MaximumLength { get; init; }

    /// <summary>
    /// The largest number of tokens of each of several texts, each from 1 to <see cref="MaximumLength"/>; null for that of all.
    /// </summary>
    public IReadOnlyList<int>? MaximumLengths { get; init; }

    /// <summary>The token that completes a text; null if there is none, so that all texts have the largest length.</summary>
    public int? EndToken { get; init; }

    /// <summary>
    /// The tokens that no text may contain, as if the model gave them probability 0: usually padding, start and mask, which are
    /// the <see cref="SpecialTokens.NeverGenerated"/> of a tokenizer. A prompt may contain them.
    /// </summary>
    public IReadOnlyCollection<int> ForbiddenTokens { get; init; } = [];

    /// <summary>
    /// The number of tokens, n, that no text may have in a row twice: a token that would repeat the last n - 1 tokens and the one
    /// that followed them is left out (Paulus, Xiong and Socher, "A deep reinforced model for abstractive summarization",
    /// arXiv:1705.04304, section 2.5, with n = 3). The probabilities of other tokens stay as they are. 0, the default, allows all
    /// repetitions. The end token, and what the prompt has, do not count.
    /// </summary>
    public int NoRepeatNgram { get; init; }

    /// <summary>
    /// The exponent alpha of <see cref="BeamSearch.LengthPenalty"/>, at least 0: 0 compares plain probabilities, and larger
    /// values prefer longer texts.
    /// </summary>
    public double LengthPenalty { get; init; }

    /// <summary>The number of beams for each text; null uses all rows of the stream for one text.</summary>
    public int? Width { get; init; }

    /// <summary>The number of best texts to return, from 1 to the number of beams; 1 by default.</summary>
    public int Results { get; init; } = 1;
}
