namespace SeqCore.Models;

/// <summary>
/// Draws batches of windows from a text without end, from a position that can be saved and restored. Derive from it to select
/// windows in another way.
/// </summary>
public abstract class TokenBatchSource : IBatchSource<TokenBatch>
{
    private readonly TokenBatch batch;
    private readonly OneThread oneThread = new(nameof(TokenBatchSource), "Give each thread its own source.");

    /// <summary>Makes a source of batches of a fixed size.</summary>
    /// <param name="batchSize">The number of windows in a batch, B, at least 1.</param>
    /// <param name="sequenceLength">The number of tokens in a window, T, at least 1.</param>
    protected TokenBatchSource(int batchSize, int sequenceLength)
    {
        Argument.AtLeast(batchSize, nameof(TokenBatchSource), nameof(batchSize));
        Argument.AtLeast(sequenceLength, nameof(TokenBatchSource), nameof(sequenceLength));
        batch = new TokenBatch(batchSize, sequenceLength);
    }

    /// <summary>The number of windows in a batch, B.</summary>
    public int BatchSize => batch.BatchSize;

    /// <summary>The number of tokens in a window, T.</summary>
    public int SequenceLength => batch.SequenceLength;

    /// <summary>Whether each batch continues the previous one, except for the first in each pass over the text.</summary>
    public virtual bool IsContinuous => false;

    /// <inheritdoc cref="IBatchSource{TBatch}.DataHash"/>
    public virtual string? DataHash => null;

    /// <inheritdoc/>
    public abstract ulong Position { get; set; }

    /// <summary>Fills the next batch, which is valid until the next call, without allocating memory.</summary>
    public TokenBatch Next()
    {
        using var work = oneThread.Begin();
        Fill(batch);
        return batch;
    }

    /// <summary>Fills every row with <see cref="TokenBatch.SetRow"/> and advances the position.</summary>
    /// <param name="batch">The batch, with the rows of the previous call.</param>
    protected abstract void Fill(TokenBatch batch);
}
