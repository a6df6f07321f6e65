namespace SeqCore.Models;

/// <summary>
/// Draws batches of pairs for ever, each pair once in a pass. Every pass has an order of its own; within pools of many batches pairs
/// of like length come together, so that there is little padding, and the batches are shuffled again.
/// </summary>
public sealed class SequencePairBatches
{
    private const int BatchesInPool = 50;
    private readonly ulong seed;
    private readonly int[] order;
    private readonly int[] batchOrder;
    private readonly SequencePairBatch batch = new();
    private ulong? pass;

    /// <summary>Makes a source.</summary>
    /// <param name="pairs">What is drawn from.</param>
    /// <param name="batchSize">B, at least 1; the last batch of a pass may be smaller.</param>
    /// <param name="seed">Names the orders.</param>
    public SequencePairBatches(SequencePairs pairs, int batchSize, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        (Pairs, BatchSize, this.seed) = (pairs, Math.Min(batchSize, pairs.Count), seed);
        order = new int[pairs.Count];
        batchOrder = new int[BatchesPerPass];
    }

    /// <summary>What is drawn from.</summary>
    public SequencePairs Pairs { get; }

    /// <summary>B, or the number of pairs if there are fewer.</summary>
    public int BatchSize { get; }

    /// <summary>Batches until every pair was drawn.</summary>
    public int BatchesPerPass => (Pairs.Count + BatchSize - 1) / BatchSize;

    /// <summary>Batches drawn so far; setting a value read before makes the same batches follow.</summary>
    public ulong Position { get; set; }

    /// <summary>Fills the next batch, which is valid until the next call.</summary>
    public SequencePairBatch Next()
    {
        var (number, place) = (Position / (ulong)BatchesPerPass, (int)(Position % (ulong)BatchesPerPass));
        if (pass != number)
            Shuffle(number);
        pass = number;
        var first = batchOrder[place] * BatchSize;
        batch.Fill(Pairs, order.AsSpan(first, Math.Min(BatchSize, order.Length - first)));
        Position++;
        return batch;
    }

    /// <summary>All pairs of like length together, in batches; each is valid until the next.</summary>
    internal static IEnumerable<(SequencePairBatch Batch, ReadOnlyMemory<int> Indices)> InOrderOfLength(SequencePairs pairs, int batchSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        var order = Enumerable.Range(0, pairs.Count).ToArray();
        SortByLength(pairs, order);
        var batch = new SequencePairBatch();
        for (var first = 0; first < order.Length; first += batchSize)
        {
            var indices = order.AsMemory(first, Math.Min(batchSize, order.Length - first));
            batch.Fill(pairs, indices.Span);
            yield return (batch, indices);
        }
    }

    private void Shuffle(ulong number)
    {
        // Passes are so far apart in the stream of numbers that none reaches the next.
        var random = new RandomGenerator(seed) { Counter = number << 32 };
        Shuffle(order, random);
        var pool = BatchesInPool * BatchSize;
        for (var first = 0; first < order.Length; first += pool)
            SortByLength(Pairs, order.AsSpan(first, Math.Min(pool, order.Length - first)));
        Shuffle(batchOrder, random);
    }

    private static void Shuffle(int[] places, RandomGenerator random)
    {
        for (var i = 0; i < places.Length; i++)
            places[i] = i;
        for (var i = places.Length - 1; i > 0; i--)
        {
            var other = random.NextInt32(i + 1);
            (places[i], places[other]) = (places[other], places[i]);
        }
    }

    /// <summary>Shorter targets first, then shorter sources, then as they were numbered: the order is always the same.</summary>
    private static void SortByLength(SequencePairs pairs, Span<int> indices) =>
        indices.Sort((i, j) =>
        {
            var byTarget = pairs.Target(i).Length.CompareTo(pairs.Target(j).Length);
            var bySource = pairs.Source(i).Length.CompareTo(pairs.Source(j).Length);
            return byTarget != 0 ? byTarget : bySource != 0 ? bySource : i.CompareTo(j);
        });
}
