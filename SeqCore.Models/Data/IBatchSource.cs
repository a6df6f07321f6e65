namespace SeqCore.Models;

/// <summary>Draws batches for ever, from a position that is part of a checkpoint.</summary>
/// <typeparam name="TBatch">What a task makes a loss of.</typeparam>
public interface IBatchSource<out TBatch>
{
    /// <summary>B, the examples in a batch, at most.</summary>
    int BatchSize { get; }

    /// <summary>Where the next batch comes from; setting a value that was read before makes the same batches follow.</summary>
    ulong Position { get; set; }

    /// <summary>
    /// Identifies the data, such as their SHA-256 in hexadecimal: a run is not resumed with data of another hash. Null, if it is
    /// not overridden, compares nothing. It is asked for once in a run.
    /// </summary>
    string? DataHash => null;

    /// <summary>Draws the next batch, which is valid until the next call.</summary>
    TBatch Next();
}
