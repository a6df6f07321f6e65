namespace SeqCore.Models;

/// <summary>How a <see cref="BeamSearch"/> looks for the best texts.</summary>
public sealed record BeamSearchOptions
{
    /// <summary>Tokens of a text at most, the prompt not counted and the end token counted; at least 1.</summary>
    public required int MaximumLength { get; init; }

    /// <summary>The token that completes a text; null if there is none, so that all texts have the greatest length.</summary>
    public int? EndToken { get; init; }

    /// <summary>
    /// Tokens that no text may have, as if the model gave them probability 0: padding, start and mask as a rule, which are
    /// <see cref="SpecialTokens.NeverWritten"/> of a tokenizer. A prompt may have them.
    /// </summary>
    public IReadOnlyCollection<int> ForbiddenTokens { get; init; } = [];

    /// <summary>
    /// alpha of <see cref="BeamSearch.LengthPenalty"/>, at least 0: 0 compares plain probabilities, more prefers longer texts.
    /// </summary>
    public double LengthPenalty { get; init; }

    /// <summary>Beams for each text; null takes all rows of the stream for one text.</summary>
    public int? Width { get; init; }

    /// <summary>How many of the best texts to return, from 1 to the number of beams.</summary>
    public int Results { get; init; } = 1;
}
