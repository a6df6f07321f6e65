namespace SeqCore.Models;

/// <summary>Draws batches for ever, from a position that is part of a checkpoint.</summary>
/// <typeparam name="TBatch">What a task makes a loss of.</typeparam>
public interface IBatchSource<out TBatch>
{
    /// <summary>B, the examples in a batch, at most.</summary>
    int BatchSize { get; }

    /// <summary>Where the next batch comes from; setting a value that was read before makes the same batches follow.</summary>
    ulong Position { get; set; }

    /// <summary>Draws the next batch, which is valid until the next call.</summary>
    TBatch Next();
}
