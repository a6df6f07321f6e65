namespace SeqCore.Samples.LstmVsTransformer.Tasks;

/// <summary>
/// Say at the end which token came first. All tokens are drawn alike, so nothing but its place marks the first one.
/// </summary>
internal sealed class RememberFirst(int length) : TokenTask(length)
{
    private const int Symbols = 8;

    /// <inheritdoc/>
    internal override string Name => "remember the first";

    /// <inheritdoc/>
    internal override int VocabularySize => Symbols;

    /// <inheritdoc/>
    internal override int OutputSize => Symbols;

    /// <inheritdoc/>
    internal override void Fill(RandomGenerator random, Span<int> tokens, Span<int> answers)
    {
        for (var t = 0; t < tokens.Length; t++)
            tokens[t] = random.NextInt32(Symbols);
        answers[0] = tokens[0];
    }
}
