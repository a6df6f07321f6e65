namespace SeqCore.Samples.LstmVsTransformer;

/// <summary>A task of tokens, whose answers are classes.</summary>
internal abstract class TokenTask(int length) : SequenceTask(length)
{
    /// <inheritdoc/>
    internal override double Chance => 1.0 / OutputSize;

    /// <summary>Writes one sequence and its answers.</summary>
    /// <param name="random">Draws the tokens.</param>
    /// <param name="tokens">Receives T tokens.</param>
    /// <param name="answers">Receives the class of each answer.</param>
    internal abstract void Fill(RandomGenerator random, Span<int> tokens, Span<int> answers);

    /// <inheritdoc/>
    internal override TaskBatch Draw(RandomGenerator random, int batchSize)
    {
        var tokens = new int[batchSize * Length];
        var answers = new int[batchSize * Answers];
        for (var b = 0; b < batchSize; b++)
            Fill(random, tokens.AsSpan(b * Length, Length), answers.AsSpan(b * Answers, Answers));
        return new TaskBatch(IndexTensor.FromSpan(tokens, [batchSize, Length]), null,
            IndexTensor.FromSpan(answers, [batchSize, Answers]), null);
    }

    /// <inheritdoc/>
    internal override Variable Loss(Variable outputs, TaskBatch batch) => outputs.CrossEntropy(batch.Classes!);

    /// <inheritdoc/>
    internal override double Accuracy(Tensor outputs, TaskBatch batch)
    {
        var (values, classes) = (outputs.ToArray(), batch.Classes!.ToArray());
        var right = 0;
        for (var i = 0; i < classes.Length; i++)
        {
            var row = values.AsSpan(i * OutputSize, OutputSize);
            right += IndexOfGreatest(row) == classes[i] ? 1 : 0;
        }

        return (double)right / classes.Length;
    }

    private static int IndexOfGreatest(ReadOnlySpan<float> row)
    {
        var best = 0;
        for (var i = 1; i < row.Length; i++)
        {
            if (row[i] > row[best])
                best = i;
        }

        return best;
    }
}

/// <summary>
/// Say at the end which token came first. All tokens are drawn alike, so only its position marks the first one.
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

/// <summary>
/// Look up: pairs of a key and a value, no key twice, and at the end one of the keys again; the answer is its value (after Ba,
/// Hinton, Mnih, Leibo and Ionescu, "Using fast weights to attend to the recent past", arXiv:1610.06258).
/// </summary>
internal sealed class AssociativeRecall : TokenTask
{
    private const int Values = 8;
    private readonly int keys;

    /// <param name="length">T = 2 P + 1 for P pairs, so odd and at least 3; there are 2 P keys to draw from.</param>
    internal AssociativeRecall(int length) : base(length)
    {
        if (length < 3 || length % 2 == 0)
        {
            throw new ArgumentException($"AssociativeRecall: the length should be odd and at least 3; got {length}.",
                nameof(length));
        }

        keys = length - 1;
    }

    /// <inheritdoc/>
    internal override string Name => "associative recall";

    /// <inheritdoc/>
    internal override int VocabularySize => keys + Values;

    /// <inheritdoc/>
    internal override int OutputSize => Values;

    /// <inheritdoc/>
    internal override void Fill(RandomGenerator random, Span<int> tokens, Span<int> answers)
    {
        var pairs = tokens.Length / 2;
        var deck = Enumerable.Range(0, keys).ToArray();
        for (var p = 0; p < pairs; p++)
        {
            var drawn = p + random.NextInt32(keys - p);
            (deck[p], deck[drawn]) = (deck[drawn], deck[p]);
            tokens[2 * p] = deck[p];
            tokens[2 * p + 1] = keys + random.NextInt32(Values);
        }

        var asked = random.NextInt32(pairs);
        tokens[^1] = tokens[2 * asked];
        answers[0] = tokens[2 * asked + 1] - keys;
    }
}
