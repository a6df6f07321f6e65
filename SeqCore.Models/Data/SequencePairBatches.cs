namespace SeqCore.Models;

/// <summary>
/// Draws batches of pairs without end, each pair once in an epoch. Every epoch has another order; within pools of many batches,
/// pairs of similar length are grouped, so that there is little padding, and the batches are shuffled again.
/// </summary>
public sealed class SequencePairBatches : IBatchSource<SequencePairBatch>
{
    private readonly ShuffledOrder order;
    private readonly SequencePairBatch batch = new();
    private readonly OneThread oneThread = new(nameof(SequencePairBatches), "Give each thread its own source.");

    /// <summary>Makes a source of batches.</summary>
    /// <param name="pairs">The pairs that batches are drawn from.</param>
    /// <param name="batchSize">
    /// The number of sequences in a batch, B, at least 1; the last batch of an epoch may be smaller.
    /// </param>
    /// <param name="seed">The seed of the random orders.</param>
    public SequencePairBatches(SequencePairs pairs, int batchSize, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        Argument.AtLeast(batchSize, nameof(SequencePairBatches), nameof(batchSize));
        (Pairs, BatchSize) = (pairs, Math.Min(batchSize, pairs.Count));
        order = new ShuffledOrder(pairs.Count, BatchSize, seed, ByLength(pairs));
    }

    /// <summary>The pairs that batches are drawn from.</summary>
    public SequencePairs Pairs { get; }

    /// <summary>The batch size, B, or the number of pairs if there are fewer.</summary>
    public int BatchSize { get; }

    /// <summary>The number of batches in an epoch.</summary>
    public int BatchesPerPass => order.BatchesPerPass;

    /// <summary>The number of batches drawn so far; restoring an earlier value repeats the batches that followed it.</summary>
    public ulong Position { get; set; }

    /// <summary>The SHA-256 hash of the pairs' tokens.</summary>
    public string DataHash => Pairs.DataHash;

    /// <summary>Fills the next batch, which is valid until the next call.</summary>
    public SequencePairBatch Next()
    {
        using var work = oneThread.Begin();
        batch.Fill(Pairs, order.Batch(Position));
        Position++;
        return batch;
    }

    /// <summary>Returns all pairs once in batches of similar lengths; each batch is valid until the next.</summary>
    internal static IEnumerable<(SequencePairBatch Batch,
        ReadOnlyMemory<int> Indices)> InOrderOfLength(SequencePairs pairs, int batchSize)
    {
        Argument.AtLeast(batchSize, nameof(SequencePairBatches), nameof(batchSize));
        var order = Enumerable.Range(0, pairs.Count).ToArray();
        order.AsSpan().Sort(ByLength(pairs));
        var batch = new SequencePairBatch();
        for (var first = 0; first < order.Length; first += batchSize)
        {
            var indices = order.AsMemory(first, Math.Min(batchSize, order.Length - first));
            batch.Fill(pairs, indices.Span);
            yield return (batch, indices);
        }
    }

    /// <summary>
    /// Orders pairs by target length, then by source length, then by index, so that the order is always the same.
    /// </summary>
    private static Comparison<int> ByLength(SequencePairs pairs) => (i, j) =>
    {
        var byTarget = pairs.Target(i).Length.CompareTo(pairs.Target(j).Length);
        var bySource = pairs.Source(i).Length.CompareTo(pairs.Source(j).Length);
        return byTarget != 0 ? byTarget : bySource != 0 ? bySource : i.CompareTo(j);
    };
}
