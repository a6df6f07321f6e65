namespace SeqCore.Models;

/// <summary>
/// Provides batches for truncated back-propagation through time: divides a text of n tokens into B streams of L = floor((n - 1) /
/// B) and reads them side by side, T tokens in each batch, so that a model's state is carried from batch to batch. After floor(L
/// / T) batches every stream begins again, with a new state; leftover tokens at the ends are not read.
/// </summary>
public sealed class ContiguousStreams : TokenBatchSource
{
    private readonly ReadOnlyMemory<int> text;
    private readonly int streamLength;

    /// <summary>Divides a text into streams.</summary>
    /// <param name="text">The text as tokens.</param>
    /// <param name="batchSize">The number of streams, B.</param>
    /// <param name="sequenceLength">The number of tokens of each stream in a batch, T.</param>
    /// <exception cref="DataSourceException">The text is shorter than B T + 1 tokens.</exception>
    public ContiguousStreams(ReadOnlyMemory<int> text, int batchSize, int sequenceLength) : base(batchSize, sequenceLength)
    {
        var needed = (long)batchSize * sequenceLength + 1;
        if (text.Length < needed)
        {
            throw new DataSourceException($"The training part of the text has {Counted.Of(text.Length, "token")}, but"
                + $" {Counted.Of(batchSize, "stream")} of"
                + $" {sequenceLength}" + $" need at least {needed}. Use a longer text, a smaller batch or a shorter sequence.");
        }

        this.text = text;
        streamLength = (text.Length - 1) / batchSize;
    }

    /// <summary>The number of batches until the streams begin again.</summary>
    public int BatchesPerPass => streamLength / SequenceLength;

    /// <inheritdoc/>
    public override bool IsContinuous => true;

    /// <summary>The number of batches drawn so far.</summary>
    public override ulong Position { get; set; }

    /// <summary>The SHA-256 hash of the text's tokens.</summary>
    public override string DataHash => Models.DataHash.Of(text.Span);

    /// <inheritdoc/>
    protected override void Fill(TokenBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var place = (int)(Position % (ulong)BatchesPerPass);
        for (var b = 0; b < BatchSize; b++)
            batch.SetRow(b, text.Span, b * streamLength + place * SequenceLength);
        batch.ContinuesPrevious = place > 0;
        Position++;
    }
}
