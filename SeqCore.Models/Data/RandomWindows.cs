namespace SeqCore.Models;

/// <summary>Draws windows at random positions of a text of n tokens: each start is uniform in [0, n - T - 1).</summary>
public sealed class RandomWindows : TokenBatchSource
{
    private readonly ReadOnlyMemory<int> text;
    private readonly RandomGenerator random;

    /// <summary>Makes a source of batches.</summary>
    /// <param name="text">The text as tokens.</param>
    /// <param name="batchSize">The number of windows in a batch, B.</param>
    /// <param name="sequenceLength">The number of tokens in a window, T.</param>
    /// <param name="random">The generator that draws the starts, which nothing else may use.</param>
    /// <exception cref="DataSourceException">The text is shorter than T + 2 tokens.</exception>
    public RandomWindows(ReadOnlyMemory<int> text, int batchSize, int sequenceLength, RandomGenerator random)
        : base(batchSize, sequenceLength)
    {
        ArgumentNullException.ThrowIfNull(random);
        if (text.Length - 2L < sequenceLength)
        {
            throw new DataSourceException($"The training part of the text has {Counted.Of(text.Length, "token")}, but windows of"
                + $" {sequenceLength} need at least {sequenceLength + 2L}. Use a longer text or a shorter sequence.");
        }

        this.text = text;
        this.random = random;
    }

    /// <summary>Makes a source with its own generator.</summary>
    /// <param name="text">The text as tokens.</param>
    /// <param name="batchSize">The number of windows in a batch, B.</param>
    /// <param name="sequenceLength">The number of tokens in a window, T.</param>
    /// <param name="seed">The seed of the random starts.</param>
    /// <exception cref="DataSourceException">The text is shorter than T + 2 tokens.</exception>
    public RandomWindows(ReadOnlyMemory<int> text, int batchSize, int sequenceLength, ulong seed)
        : this(text, batchSize, sequenceLength, new RandomGenerator(seed))
    {
    }

    /// <summary>The counter of the generator.</summary>
    public override ulong Position
    {
        get => random.Counter;
        set => random.Counter = value;
    }

    /// <summary>The SHA-256 hash of the text's tokens.</summary>
    public override string DataHash => Models.DataHash.Of(text.Span);

    /// <inheritdoc/>
    protected override void Fill(TokenBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        for (var b = 0; b < BatchSize; b++)
            batch.SetRow(b, text.Span, random.NextInt32(text.Length - SequenceLength - 1));
    }
}
