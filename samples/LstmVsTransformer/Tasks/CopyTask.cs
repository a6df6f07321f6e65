namespace SeqCore.Samples.LstmVsTransformer.Tasks;

/// <summary>
/// Repeat, at the end, the symbols of the beginning: five symbols, blanks, a marker at which the answer begins, and blanks while
/// it is given (after Hochreiter and Schmidhuber, "Long short-term memory", Neural Computation 9, 1997, whose tasks with long
/// time lags it goes back to).
/// </summary>
internal sealed class CopyTask : TokenTask
{
    private const int Symbols = 8;
    private const int Blank = Symbols;
    private const int Marker = Symbols + 1;

    internal CopyTask(int length) : base(length) => ArgumentOutOfRangeException.ThrowIfLessThan(length, 2 * Answers);

    /// <inheritdoc/>
    internal override string Name => "copy five symbols";

    /// <inheritdoc/>
    internal override int VocabularySize => Symbols + 2;

    /// <inheritdoc/>
    internal override int OutputSize => Symbols;

    /// <inheritdoc/>
    internal override int Answers => 5;

    /// <inheritdoc/>
    internal override void Fill(RandomGenerator random, Span<int> tokens, Span<int> answers)
    {
        tokens.Fill(Blank);
        for (var i = 0; i < answers.Length; i++)
            answers[i] = tokens[i] = random.NextInt32(Symbols);
        tokens[^Answers] = Marker;
    }
}
