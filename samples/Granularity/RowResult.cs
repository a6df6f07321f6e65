using SeqCore.Samples.Common;

namespace SeqCore.Samples.Granularity;

/// <summary>The figures of one run of a row; a line of the results.</summary>
/// <param name="Row">The name of the units.</param>
/// <param name="Seed">The seed of the run.</param>
/// <param name="Options">Everything else that the figures depend on, as texts.</param>
/// <param name="Vocabulary">The number of different tokens, V.</param>
/// <param name="Parameters">The number of trained values.</param>
/// <param name="Steps">The number of training steps.</param>
/// <param name="TokensPerStep">The number of tokens in a training step.</param>
/// <param name="CharactersRead">The number of characters of all training steps, from the mean length of a token.</param>
/// <param name="TrainingSeconds">The time of all training steps.</param>
/// <param name="TrainingTokensPerSecond">Tokens a second of the median training step.</param>
/// <param name="WritingTokensPerSecond">Tokens a second when one text is written token by token; the fastest of some.</param>
/// <param name="HeldOutCharacters">The number of characters of the held-out text.</param>
/// <param name="HeldOutTokens">Its number of tokens.</param>
/// <param name="UnknownTokens">The number of these that stand for parts that the vocabulary lacks.</param>
/// <param name="UnknownCharacters">The number of characters of these parts.</param>
/// <param name="ModelBits">The bits of all held-out tokens.</param>
/// <param name="SpellingBits">The bits for spelling the unknown parts.</param>
/// <param name="Seconds">The time of the whole run.</param>
/// <param name="Sample">A text that the model wrote.</param>
internal sealed record RowResult(string Row, ulong Seed, IReadOnlyDictionary<string, string> Options, int Vocabulary,
    long Parameters, long Steps, int TokensPerStep, long CharactersRead, double TrainingSeconds, double TrainingTokensPerSecond,
    double WritingTokensPerSecond, int HeldOutCharacters, int HeldOutTokens, int UnknownTokens, int UnknownCharacters,
    double ModelBits, double SpellingBits, double Seconds, string Sample) : IResultRow
{
    /// <summary>The bits of the held-out text for each of its characters, unknown parts spelled.</summary>
    internal double BitsPerCharacter => (ModelBits + SpellingBits) / HeldOutCharacters;

    /// <summary>The mean number of characters of a held-out token.</summary>
    internal double CharactersPerToken => (double)HeldOutCharacters / HeldOutTokens;

    /// <summary>The units; null where the name is none.</summary>
    internal UnitKind? Units => UnitKind.Parse(Row);

    /// <inheritdoc/>
    public IEnumerable<(string Name, object? Value)> Values =>
    [
        ("event", "row"), ("row", Row), ("seed", Seed),
        ("options", ResultsFile.Sorted(Options)),
        ("vocabulary", Vocabulary), ("parameters", Parameters), ("steps", Steps), ("tokens_per_step", TokensPerStep),
        ("characters_read", CharactersRead), ("training_seconds", TrainingSeconds),
        ("training_tokens_per_second", TrainingTokensPerSecond), ("writing_tokens_per_second", WritingTokensPerSecond),
        ("held_out_characters", HeldOutCharacters), ("held_out_tokens", HeldOutTokens), ("unknown_tokens", UnknownTokens),
        ("unknown_characters", UnknownCharacters), ("model_bits", ModelBits), ("spelling_bits", SpellingBits),
        ("bits_per_character", BitsPerCharacter), ("characters_per_token", CharactersPerToken), ("seconds", Seconds),
        ("sample", Sample),
    ];
}
