namespace SeqCore.Models;

/// <summary>Decides after each token whether a text ends.</summary>
/// <param name="row">The index of the text.</param>
/// <param name="written">The tokens of the text after the prompt, newest last.</param>
/// <returns>Whether the text ends with this token.</returns>
public delegate bool StopPredicate(int row, ReadOnlySpan<int> written);

/// <summary>Specifies when a <see cref="TextGenerator"/> ends a text.</summary>
public sealed record GenerationOptions
{
    /// <summary>The largest number of tokens to write, without the prompt; at least 0.</summary>
    public required int MaximumLength { get; init; }

    /// <summary>The token that ends a text; null if there is none.</summary>
    public int? EndToken { get; init; }

    /// <summary>The token sequences that end a text as soon as it ends with one of them; the prompt does not count.</summary>
    public IReadOnlyList<int[]> StopSequences { get; init; } = [];

    /// <summary>The predicate that ends a text when it returns true; null for none.</summary>
    public StopPredicate? StopWhen { get; init; }

    /// <summary>
    /// The tokens that are never drawn, as if the model gave them probability 0: usually padding, start and mask, which are the
    /// <see cref="SpecialTokens.NeverGenerated"/> of a tokenizer. A prompt may contain them.
    /// </summary>
    public IReadOnlyCollection<int> ForbiddenTokens { get; init; } = [];

    /// <summary>The token that a stream reads in rows whose text has ended while others continue.</summary>
    public int PadToken { get; init; }

    /// <summary>
    /// The penalty of tokens that the text already contains, including its prompt; 1, the default, for none (see
    /// <see cref="SeqCore.Models.RepetitionPenalty"/>).
    /// </summary>
    public float RepetitionPenalty { get; init; } = 1;

    /// <summary>
    /// The number of last tokens to read again when the stream is full and starts again, so that a text can grow longer than its
    /// model can look back; less than the number of tokens that the stream can read. Null ends the texts there.
    /// </summary>
    public int? KeptContext { get; init; }

    internal void Check()
    {
        Argument.AtLeast(MaximumLength, nameof(GenerationOptions), nameof(MaximumLength), 0);
        Argument.AtLeast(KeptContext ?? 1, nameof(GenerationOptions), nameof(KeptContext));
        Models.RepetitionPenalty.Check(RepetitionPenalty);
        if (Argument.NoNulls(StopSequences, nameof(GenerationOptions), nameof(StopSequences)).Any(s => s.Length == 0))
        {
            throw new ArgumentException("GenerationOptions: a stop sequence is empty, so every text would end before it begins."
                + " Remove it.", nameof(StopSequences));
        }
    }
}
