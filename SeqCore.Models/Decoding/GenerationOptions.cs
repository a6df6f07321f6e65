namespace SeqCore.Models;

/// <summary>Decides after each token whether a text ends.</summary>
/// <param name="row">Which of the texts.</param>
/// <param name="written">Its tokens after the prompt, the newest last.</param>
/// <returns>Whether it ends with this token.</returns>
public delegate bool StopPredicate(int row, ReadOnlySpan<int> written);

/// <summary>When a <see cref="TextGenerator"/> ends a text.</summary>
public sealed record GenerationOptions
{
    /// <summary>Tokens to write at most, the prompt not counted; at least 0.</summary>
    public required int MaximumLength { get; init; }

    /// <summary>The token that ends a text; null if there is none.</summary>
    public int? EndToken { get; init; }

    /// <summary>Runs of tokens each of which ends a text as soon as it stands at its end; the prompt does not count.</summary>
    public IReadOnlyList<int[]> StopSequences { get; init; } = [];

    /// <summary>Ends a text where it says so; null for never.</summary>
    public StopPredicate? StopWhen { get; init; }

    /// <summary>
    /// Tokens that are never drawn, as if the model gave them probability 0: padding, start and mask as a rule, which are
    /// <see cref="SpecialTokens.NeverWritten"/> of a tokenizer. A prompt may have them.
    /// </summary>
    public IReadOnlyCollection<int> ForbiddenTokens { get; init; } = [];

    /// <summary>What a stream reads in rows whose text has ended while others go on.</summary>
    public int PadToken { get; init; }

    /// <summary>
    /// Penalty of tokens that the text holds already, its prompt included; 1 for none (see
    /// <see cref="SeqCore.Models.RepetitionPenalty"/>).
    /// </summary>
    public float RepetitionPenalty { get; init; } = 1;

    /// <summary>
    /// When the stream can read no more, it begins anew and reads this many of the last tokens again, at most all but one of
    /// those that it can read: so a text may grow longer than what its model can look back on. Null ends the texts there.
    /// </summary>
    public int? KeptContext { get; init; }

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(MaximumLength);
        ArgumentOutOfRangeException.ThrowIfLessThan(KeptContext ?? 1, 1, nameof(KeptContext));
        Models.RepetitionPenalty.Check(RepetitionPenalty);
        if (StopSequences.Any(s => s.Length == 0))
        {
            throw new ArgumentException("GenerationOptions: a stop sequence is empty; every text would end before it began."
                + " Leave it out.", nameof(StopSequences));
        }
    }
}
