namespace SeqCore.Models;

/// <summary>
/// Draws batches of pairs for ever, each pair once in a pass. Every pass has an order of its own; within pools of many batches
/// pairs of like length come together, so that there is little padding, and the batches are shuffled again.
/// </summary>
public sealed class SequencePairBatches : IBatchSource<SequencePairBatch>
{
    private readonly ShuffledOrder order;
    private readonly SequencePairBatch batch = new();
    private readonly OneThread oneThread = new(nameof(SequencePairBatches), "Give each thread a source of its own.");

    /// <summary>Makes a source.</summary>
    /// <param name="pairs">What is drawn from.</param>
    /// <param name="batchSize">B, at least 1; the last batch of a pass may be smaller.</param>
    /// <param name="seed">Names the orders.</param>
    public SequencePairBatches(SequencePairs pairs, int batchSize, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        (Pairs, BatchSize) = (pairs, Math.Min(batchSize, pairs.Count));
        order = new ShuffledOrder(pairs.Count, BatchSize, seed, ByLength(pairs));
    }

    /// <summary>What is drawn from.</summary>
    public SequencePairs Pairs { get; }

    /// <summary>B, or the number of pairs if there are fewer.</summary>
    public int BatchSize { get; }

    /// <summary>Batches until every pair was drawn.</summary>
    public int BatchesPerPass => order.BatchesPerPass;

    /// <summary>Batches drawn so far; setting a value read before makes the same batches follow.</summary>
    public ulong Position { get; set; }

    /// <summary>SHA-256 of the pairs' tokens.</summary>
    public string DataHash => Pairs.DataHash;

    /// <summary>Fills the next batch, which is valid until the next call.</summary>
    public SequencePairBatch Next()
    {
        using var work = oneThread.Begin();
        batch.Fill(Pairs, order.Batch(Position));
        Position++;
        return batch;
    }

    /// <summary>All pairs of like length together, in batches; each is valid until the next.</summary>
    internal static IEnumerable<(SequencePairBatch Batch,
        ReadOnlyMemory<int> Indices)> InOrderOfLength(SequencePairs pairs, int batchSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
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

    /// <summary>Shorter targets first, then shorter sources, then as they were numbered: the order is always the same.</summary>
    private static Comparison<int> ByLength(SequencePairs pairs) => (i, j) =>
    {
        var byTarget = pairs.Target(i).Length.CompareTo(pairs.Target(j).Length);
        var bySource = pairs.Source(i).Length.CompareTo(pairs.Source(j).Length);
        return byTarget != 0 ? byTarget : bySource != 0 ? bySource : i.CompareTo(j);
    };
}
