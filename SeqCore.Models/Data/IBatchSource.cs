namespace SeqCore.Models;

/// <summary>Draws batches without end, from a position that is part of a checkpoint.</summary>
/// <typeparam name="TBatch">The type of a batch, from which a task computes a loss.</typeparam>
public interface IBatchSource<out TBatch>
{
    /// <summary>The largest number of examples in a batch, B.</summary>
    int BatchSize { get; }

    /// <summary>The position of the next batch; restoring an earlier value repeats the batches that followed it.</summary>
    ulong Position { get; set; }

    /// <summary>
    /// Identifies the data, such as by their SHA-256 hash in hexadecimal: a run is not resumed with data of another hash. Null,
    /// the default, compares nothing. It is read once in a run.
    /// </summary>
    string? DataHash => null;

    /// <summary>Draws the next batch, which is valid until the next call.</summary>
    TBatch Next();
}
