namespace SeqCore.Models;

/// <summary>
/// Draws batches of windows from a text, for ever, from a position that can be saved and restored. Derive from it to choose
/// windows in another way.
/// </summary>
public abstract class TokenBatchSource : IBatchSource<TokenBatch>
{
    private readonly TokenBatch batch;
    private readonly OneThread oneThread = new(nameof(TokenBatchSource), "Give each thread a source of its own.");

    /// <summary>Makes a source of batches of one size.</summary>
    /// <param name="batchSize">B, the windows in a batch, at least 1.</param>
    /// <param name="sequenceLength">T, the tokens in a window, at least 1.</param>
    protected TokenBatchSource(int batchSize, int sequenceLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(sequenceLength, 1);
        batch = new TokenBatch(batchSize, sequenceLength);
    }

    /// <summary>B, the windows in a batch.</summary>
    public int BatchSize => batch.BatchSize;

    /// <summary>T, the tokens in a window.</summary>
    public int SequenceLength => batch.SequenceLength;

    /// <summary>Whether batches continue one another, except the first of each pass over the text.</summary>
    public virtual bool IsContinuous => false;

    /// <inheritdoc cref="IBatchSource{TBatch}.DataHash"/>
    public virtual string? DataHash => null;

    /// <inheritdoc/>
    public abstract ulong Position { get; set; }

    /// <summary>Fills the next batch, which is valid until the next call. Does not allocate.</summary>
    public TokenBatch Next()
    {
        using var work = oneThread.Begin();
        Fill(batch);
        return batch;
    }

    /// <summary>Fills every row with <see cref="TokenBatch.SetRow"/> and moves the position on.</summary>
    /// <param name="batch">The batch, with the rows of the call before.</param>
    protected abstract void Fill(TokenBatch batch);
}
