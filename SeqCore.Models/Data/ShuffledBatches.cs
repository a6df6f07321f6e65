namespace SeqCore.Models;

/// <summary>
/// Draws batches of any examples for ever, each example once in a pass. The order depends on the seed alone, and every pass has
/// another one.
/// </summary>
/// <typeparam name="TExample">One example, such as a text and its label.</typeparam>
public sealed class ShuffledBatches<TExample> : IBatchSource<IReadOnlyList<TExample>>
{
    private readonly IReadOnlyList<TExample> examples;
    private readonly ShuffledOrder order;
    private readonly OneThread oneThread = new("ShuffledBatches", "Give each thread a source of its own.");

    /// <summary>Makes a source.</summary>
    /// <param name="examples">At least one.</param>
    /// <param name="batchSize">B, at least 1; the last batch of a pass may be smaller.</param>
    /// <param name="seed">Decides the orders.</param>
    /// <param name="length">
    /// The length of an example: then examples of like length come together, so that there is little padding. Null
    /// shuffles all alike.
    /// </param>
    /// <exception cref="DataSourceException">There is no example.</exception>
    public ShuffledBatches(IReadOnlyList<TExample> examples, int batchSize, ulong seed, Func<TExample, int>? length = null)
    {
        ArgumentNullException.ThrowIfNull(examples);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        if (examples.Count == 0)
            throw new DataSourceException("There are no examples to draw batches from.");
        this.examples = examples;
        BatchSize = Math.Min(batchSize, examples.Count);
        order = new ShuffledOrder(examples.Count, BatchSize, seed, length is null ? null : ByLength(examples, length));
    }

    /// <summary>B, or the number of examples if there are fewer.</summary>
    public int BatchSize { get; }

    /// <summary>Batches until every example was drawn.</summary>
    public int BatchesPerPass => order.BatchesPerPass;

    /// <summary>Batches drawn so far; setting a value that was read before makes the same batches follow.</summary>
    public ulong Position { get; set; }

    /// <summary>Draws the next batch.</summary>
    public IReadOnlyList<TExample> Next()
    {
        using var work = oneThread.Begin();
        var indices = order.Batch(Position++);
        var batch = new TExample[indices.Length];
        for (var i = 0; i < batch.Length; i++)
            batch[i] = examples[indices[i]];
        return batch;
    }

    private static Comparison<int> ByLength(IReadOnlyList<TExample> examples, Func<TExample, int> length)
    {
        int[] lengths = [.. examples.Select(length)];
        return (i, j) => lengths[i] != lengths[j] ? lengths[i].CompareTo(lengths[j]) : i.CompareTo(j);
    }
}
