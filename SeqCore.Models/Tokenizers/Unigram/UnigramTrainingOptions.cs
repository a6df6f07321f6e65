namespace SeqCore.Models;

/// <summary>How <see cref="UnigramTokenizer.Train"/> finds pieces; the defaults are those of SentencePiece.</summary>
public sealed record UnigramTrainingOptions
{
    /// <summary>The largest number of pieces of several characters to start from, at least 1; 1,000,000 by default.</summary>
    public int SeedSize { get; init; } = 1_000_000;

    /// <summary>
    /// The largest number of characters in a piece, including the space before a word; at least 1, 16 by default.
    /// </summary>
    public int MaximumPieceLength { get; init; } = 16;

    /// <summary>The fraction of the pieces that each round of pruning keeps, in (0, 1); 0.75 by default.</summary>
    public double ShrinkingFactor { get; init; } = 0.75;

    /// <summary>
    /// The number of iterations of expectation-maximization before each round of pruning, at least 1; 2 by default.
    /// </summary>
    public int Iterations { get; init; } = 2;

    /// <summary>
    /// The fraction of the characters of the texts, in (0, 1], whose distinct ones, the most frequent first, all become pieces;
    /// 0.9995 by default. Rarer ones are written as bytes.
    /// </summary>
    public double CharacterCoverage { get; init; } = 0.9995;

    internal void Check(string owner)
    {
        Argument.AtLeast(SeedSize, owner, nameof(SeedSize));
        Argument.AtLeast(MaximumPieceLength, owner, nameof(MaximumPieceLength));
        Argument.AtLeast(Iterations, owner, nameof(Iterations));
        if (ShrinkingFactor is not (> 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(ShrinkingFactor), ShrinkingFactor,
                $"{owner}: {nameof(ShrinkingFactor)} should be above 0 and below 1.");
        }

        if (CharacterCoverage is not (> 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(CharacterCoverage), CharacterCoverage,
                $"{owner}: {nameof(CharacterCoverage)} should be above 0 and at most 1.");
        }
    }
}
