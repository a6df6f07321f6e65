namespace SeqCore.Models;

/// <summary>
/// Draws batches of any examples without end, each example once in an epoch. The order depends only on the seed and differs
/// between epochs.
/// </summary>
/// <typeparam name="TExample">The type of an example, such as a text and its label.</typeparam>
public sealed class ShuffledBatches<TExample> : IBatchSource<IReadOnlyList<TExample>>
{
    private readonly IReadOnlyList<TExample> examples;
    private readonly ShuffledOrder order;
    private readonly OneThread oneThread = new("ShuffledBatches", "Give each thread its own source.");

    /// <summary>Makes a source of batches.</summary>
    /// <param name="examples">The examples, at least one.</param>
    /// <param name="batchSize">
    /// The number of sequences in a batch, B, at least 1; the last batch of an epoch may be smaller.
    /// </param>
    /// <param name="seed">The seed of the random orders.</param>
    /// <param name="length">
    /// Returns the length of an example; examples of similar length are then grouped, so that there is little padding. Null
    /// shuffles all examples.
    /// </param>
    /// <exception cref="DataSourceException">There is no example.</exception>
    public ShuffledBatches(IReadOnlyList<TExample> examples, int batchSize, ulong seed, Func<TExample, int>? length = null)
        : this(examples, batchSize, seed, length, mixesEqual: false)
    {
    }

    internal ShuffledBatches(IReadOnlyList<TExample> examples, int batchSize, ulong seed, Func<TExample, int>? length,
        bool mixesEqual)
    {
        ArgumentNullException.ThrowIfNull(examples);
        Argument.AtLeast(batchSize, nameof(ShuffledBatches<TExample>), nameof(batchSize));
        if (examples.Count == 0)
            throw new DataSourceException("There are no examples to draw batches from.");
        this.examples = examples;
        BatchSize = Math.Min(batchSize, examples.Count);
        order = new ShuffledOrder(examples.Count, BatchSize, seed, length is null ? null : ByLength(examples, length),
            mixesEqual);
    }

    /// <summary>The batch size, B, or the number of examples if there are fewer.</summary>
    public int BatchSize { get; }

    /// <summary>The number of batches in an epoch.</summary>
    public int BatchesPerPass => order.BatchesPerPass;

    /// <summary>The number of batches drawn so far; restoring an earlier value repeats the batches that followed it.</summary>
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
        return (i, j) => lengths[i].CompareTo(lengths[j]);
    }
}
