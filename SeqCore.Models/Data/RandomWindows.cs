namespace SeqCore.Models;

/// <summary>Draws windows that begin anywhere in a text of n tokens: each start is uniform in [0, n - T - 1).</summary>
public sealed class RandomWindows : TokenBatchSource
{
    private readonly ReadOnlyMemory<int> text;
    private readonly RandomGenerator random;

    /// <summary>Makes a source.</summary>
    /// <param name="text">Tokens.</param>
    /// <param name="batchSize">B, windows in a batch.</param>
    /// <param name="sequenceLength">T, tokens in a window.</param>
    /// <param name="random">Draws the starts; used by nothing else.</param>
    /// <exception cref="DataSourceException">The text is shorter than T + 2 tokens.</exception>
    public RandomWindows(ReadOnlyMemory<int> text, int batchSize, int sequenceLength, RandomGenerator random)
        : base(batchSize, sequenceLength)
    {
        ArgumentNullException.ThrowIfNull(random);
        if (text.Length - 2L < sequenceLength)
        {
            throw new DataSourceException($"The training part of the text has {text.Length} tokens; windows of {sequenceLength}"
                + $" need at least {sequenceLength + 2L}. Give a longer text or a shorter sequence.");
        }

        this.text = text;
        this.random = random;
    }

    /// <summary>Makes a source with a generator of its own.</summary>
    /// <param name="text">Tokens.</param>
    /// <param name="batchSize">B, windows in a batch.</param>
    /// <param name="sequenceLength">T, tokens in a window.</param>
    /// <param name="seed">Decides the starts.</param>
    /// <exception cref="DataSourceException">The text is shorter than T + 2 tokens.</exception>
    public RandomWindows(ReadOnlyMemory<int> text, int batchSize, int sequenceLength, ulong seed)
        : this(text, batchSize, sequenceLength, new RandomGenerator(seed))
    {
    }

    /// <summary>The generator's counter.</summary>
    public override ulong Position
    {
        get => random.Counter;
        set => random.Counter = value;
    }

    /// <summary>SHA-256 of the text's tokens.</summary>
    public override string DataHash => Models.DataHash.Of(text.Span);

    /// <inheritdoc/>
    protected override void Fill(TokenBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        for (var b = 0; b < BatchSize; b++)
            batch.SetRow(b, text.Span, random.NextInt32(text.Length - SequenceLength - 1));
    }
}
