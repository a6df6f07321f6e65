namespace SeqCore.Models;

/// <summary>Draws batches of windows from a text, for ever, from a position that can be saved and restored.</summary>
public abstract class TokenBatchSource
{
    private readonly TokenBatch batch;

    /// <summary>Checks the sizes against the text.</summary>
    /// <param name="batchSize">B, at least 1.</param>
    /// <param name="sequenceLength">T, at least 1.</param>
    private protected TokenBatchSource(int batchSize, int sequenceLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(sequenceLength, 1);
        batch = new TokenBatch(batchSize, sequenceLength);
    }

    /// <summary>B, windows in a batch.</summary>
    public int BatchSize => batch.BatchSize;

    /// <summary>T, tokens in a window.</summary>
    public int SequenceLength => batch.SequenceLength;

    /// <summary>Whether batches continue one another, but for the first of each pass over the text.</summary>
    public abstract bool IsContinuous { get; }

    /// <summary>Where the next batch comes from; setting a value read before makes the same batches follow.</summary>
    public abstract ulong Position { get; set; }

    /// <summary>Fills the next batch, which is valid until the next call. Does not allocate.</summary>
    public TokenBatch Next()
    {
        Fill(batch);
        return batch;
    }

    /// <summary>Fills every row and moves the position on.</summary>
    private protected abstract void Fill(TokenBatch batch);
}
