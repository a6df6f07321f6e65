namespace SeqCore.Models;

/// <summary>
/// Hides tokens that a masked language model has to predict (Devlin et al., arXiv:1810.04805, section 3.1, "Masked LM"): of a
/// sequence's n tokens, round(0.15 n), but at least one, are selected with equal probability; a selected token becomes [MASK]
/// with probability 0.8, a random token of text with 0.1, and otherwise stays as it is. Special tokens are never selected.
/// </summary>
/// <param name="tokenizer">The tokenizer, which has a mask token and knows which tokens are parts of one word.</param>
/// <param name="random">The generator that draws, which nothing else may use. Its counter determines what is drawn next.</param>
public sealed class TokenMasking(Tokenizer tokenizer, RandomGenerator random)
{
    /// <summary>The target of a token that is not to be predicted.</summary>
    public const int IgnoreIndex = -100;

    private readonly RandomGenerator random = Argument.NotNull(random);
    private readonly int mask = SpecialTokens.Require(Argument.NotNull(tokenizer).Special.Mask, nameof(TokenMasking), "mask");
    private readonly int[] textTokens = [.. Enumerable.Range(0, tokenizer.Count).Where(t => !tokenizer.Special.Contains(t))];
    private readonly float fraction = 0.15f, maskProbability = 0.8f, randomProbability = 0.1f;
    private (int Start, int Length)[] words = [];

    /// <summary>The fraction of the tokens that are selected, in (0, 1].</summary>
    public float Fraction
    {
        get => fraction;
        init => fraction = Check(value, value > 0f, nameof(Fraction), "(0, 1]");
    }

    /// <summary>The probability that a selected token becomes [MASK], in [0, 1].</summary>
    public float MaskProbability
    {
        get => maskProbability;
        init => maskProbability = Check(value, value >= 0f, nameof(MaskProbability), "[0, 1]");
    }

    /// <summary>
    /// The probability that a selected token becomes a random token of text, in [0, 1]; its effect is limited to 1 -
    /// <see cref="MaskProbability"/>.
    /// </summary>
    public float RandomProbability
    {
        get => randomProbability;
        init => randomProbability = Check(value, value >= 0f, nameof(RandomProbability), "[0, 1]");
    }

    /// <summary>
    /// Whether the tokens of a word are selected together (Cui et al., "Pre-Training with Whole Word Masking for Chinese BERT",
    /// arXiv:1906.08101); a word that would exceed the fraction is skipped, unless it is the first.
    /// </summary>
    public bool WholeWords { get; init; }

    /// <summary>The tokenizer whose tokens are hidden.</summary>
    public Tokenizer Tokenizer => tokenizer;

    /// <summary>The generator that draws the tokens.</summary>
    public RandomGenerator Random => random;

    /// <summary>Returns the same masking with another generator.</summary>
    public TokenMasking With(RandomGenerator other) =>
        new(tokenizer, other)
        {
            Fraction = fraction,
            MaskProbability = maskProbability,
            RandomProbability = randomProbability,
            WholeWords = WholeWords,
        };

    /// <summary>Hides tokens of one sequence.</summary>
    /// <param name="tokens">The T tokens; the selected ones are replaced.</param>
    /// <param name="targets">
    /// The T targets, which become the original tokens where selected, and <see cref="IgnoreIndex"/> elsewhere.
    /// </param>
    /// <returns>The number of selected tokens; 0 if all are special.</returns>
    public int Apply(Span<int> tokens, Span<int> targets)
    {
        if (targets.Length != tokens.Length)
        {
            throw new ArgumentException($"TokenMasking: there should be as many targets as tokens, {tokens.Length};"
                + $" got {targets.Length}.", nameof(targets));
        }

        targets.Fill(IgnoreIndex);
        var (wordCount, tokenCount) = FindWords(tokens);
        var wanted = Math.Max(1, (int)MathF.Round(fraction * tokenCount, MidpointRounding.AwayFromZero));
        var chosen = 0;
        for (var i = 0; i < wordCount && chosen < wanted; i++)
        {
            var other = i + random.NextInt32(wordCount - i);
            (words[i], words[other]) = (words[other], words[i]);
            var (start, length) = words[i];
            if (chosen > 0 && chosen + length > wanted)
                continue;
            tokens.Slice(start, length).CopyTo(targets[start..]);
            foreach (ref var token in tokens.Slice(start, length))
                token = Replace(token);
            chosen += length;
        }

        return chosen;
    }

    private static float Check(float value, bool isAboveLow, string name, string range) =>
        isAboveLow && value <= 1f
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"TokenMasking: {name} should be in {range}.");

    private int Replace(int token)
    {
        var draw = random.NextSingle();
        if (draw < maskProbability)
            return mask;
        return draw < maskProbability + randomProbability ? textTokens[random.NextInt32(textTokens.Length)] : token;
    }

    /// <summary>Finds the candidates: words if whole words are selected, else single tokens.</summary>
    private (int Words, int Tokens) FindWords(ReadOnlySpan<int> tokens)
    {
        if (words.Length < tokens.Length)
            words = new (int, int)[tokens.Length];
        var (wordCount, tokenCount) = (0, 0);
        for (var t = 0; t < tokens.Length; t++)
        {
            if (tokenizer.Special.Contains(tokens[t]))
                continue;
            tokenCount++;
            if (WholeWords && t > 0 && tokenizer.AreInSameWord(tokens[t - 1], tokens[t]))
                words[wordCount - 1].Length++;
            else
                words[wordCount++] = (t, 1);
        }

        return (wordCount, tokenCount);
    }
}
