namespace SeqCore.Models;

/// <summary>
/// Specifies how an <see cref="EncoderDecoderModel"/> searches for translations. The defaults are those of Vaswani et al.,
/// "Attention is all you need", arXiv:1706.03762, section 6.1: a beam of 4, a length penalty of 0.6, and at most 50 tokens more
/// than the source has.
/// </summary>
public sealed record TranslationOptions
{
    /// <summary>
    /// The number of beams of a <see cref="BeamSearch"/>, at least 1; 4 by default. With 1, the likeliest token is always taken.
    /// </summary>
    public int BeamWidth { get; init; } = 4;

    /// <summary>
    /// The exponent alpha of <see cref="BeamSearch.LengthPenalty"/>, at least 0; 0.6 by default. 0 compares plain probabilities,
    /// which prefers short translations, and larger values prefer longer ones.
    /// </summary>
    public double LengthPenalty { get; init; } = 0.6;

    /// <summary>
    /// The largest number of tokens of a translation for each token of its source, at least 0; 1 by default. See
    /// <see cref="MaximumLengthBeyond"/>.
    /// </summary>
    public double MaximumLengthRatio { get; init; } = 1;

    /// <summary>
    /// The number of tokens that a translation may have in addition to <see cref="MaximumLengthRatio"/> times those of its
    /// source, at least 1; 50 by default. The end token counts. A model with a largest length may allow fewer.
    /// </summary>
    public int MaximumLengthBeyond { get; init; } = 50;

    /// <summary>
    /// The largest number of tokens of a source that the model reads, at least 1; the rest is cut off. Null, the default, cuts
    /// nothing off, and a source that is too long for the model is an error.
    /// </summary>
    public int? MaximumSourceLength { get; init; }

    /// <summary>
    /// The number of tokens that no translation may have in a row twice (<see cref="BeamSearchOptions.NoRepeatNgram"/>), such as
    /// 3 for summaries; 0, the default, allows all repetitions.
    /// </summary>
    public int NoRepeatNgram { get; init; }

    /// <summary>
    /// Whether the token for unknown parts may be written, true by default. A tokenizer that knows all texts has none.
    /// </summary>
    public bool AllowsUnknown { get; init; } = true;

    /// <summary>Tokens of the target that are never written, beside padding, start and mask, which never are.</summary>
    public IReadOnlyCollection<int> ForbiddenTokens { get; init; } = [];

    /// <summary>Returns the largest number of tokens of the translation of a source, at least 1.</summary>
    /// <param name="sourceLength">The number of tokens of the source.</param>
    /// <param name="most">The largest number that the model allows; null for no limit.</param>
    internal int MaximumLength(int sourceLength, int? most) =>
        (int)Math.Min(Math.Floor(MaximumLengthRatio * sourceLength) + MaximumLengthBeyond, most ?? int.MaxValue);

    internal void Check(int results)
    {
        const string Owner = nameof(TranslationOptions);
        Argument.AtLeast(BeamWidth, Owner, nameof(BeamWidth));
        Argument.AtLeast(results, Owner, nameof(results));
        Argument.AtMost(results, Owner, nameof(results), BeamWidth);
        Argument.NotNegative(LengthPenalty, Owner, nameof(LengthPenalty));
        Argument.AtLeast(NoRepeatNgram, Owner, nameof(NoRepeatNgram), 0);
        Argument.NotNegative(MaximumLengthRatio, Owner, nameof(MaximumLengthRatio));
        Argument.AtLeast(MaximumLengthBeyond, Owner, nameof(MaximumLengthBeyond));
        Argument.AtLeast(MaximumSourceLength ?? 1, Owner, nameof(MaximumSourceLength));
        ArgumentNullException.ThrowIfNull(ForbiddenTokens);
    }
}
