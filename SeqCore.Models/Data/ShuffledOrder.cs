namespace SeqCore.Models;

/// <summary>
/// The order in which examples are drawn, batch by batch: every pass has an order of its own, which depends on the seed and the
/// number of the pass alone. Where a comparison of lengths is given, examples of like length come together within pools of many
/// batches, so that there is little padding, and the batches are shuffled again.
/// </summary>
/// <param name="count">Examples, at least 1.</param>
/// <param name="batchSize">B, at least 1.</param>
/// <param name="seed">Names the orders.</param>
/// <param name="byLength">Compares two examples by length, and equal ones by their numbers; null keeps them shuffled.</param>
internal sealed class ShuffledOrder(int count, int batchSize, ulong seed, Comparison<int>? byLength)
{
    private const int BatchesInPool = 50;
    private readonly int[] order = new int[count];
    private readonly int[] batchOrder = new int[((count - 1) / batchSize) + 1];
    private ulong? pass;

    /// <summary>Batches until every example was drawn; the one with the last examples may be smaller.</summary>
    internal int BatchesPerPass => batchOrder.Length;

    /// <summary>The examples of a batch.</summary>
    /// <param name="position">Batches drawn before.</param>
    internal ReadOnlySpan<int> Batch(ulong position)
    {
        var (number, place) = (position / (ulong)BatchesPerPass, (int)(position % (ulong)BatchesPerPass));
        if (pass != number)
            Shuffle(number);
        pass = number;
        var first = batchOrder[place] * batchSize;
        return order.AsSpan(first, Math.Min(batchSize, count - first));
    }

    private void Shuffle(ulong number)
    {
        // Passes are so far apart in the stream of numbers that none reaches the next.
        var random = new RandomGenerator(seed) { Counter = number << 32 };
        Shuffle(order, random);
        var pool = (int)Math.Min(count, BatchesInPool * (long)batchSize);
        for (var first = 0; byLength is not null && first < count; first += pool)
            order.AsSpan(first, Math.Min(pool, count - first)).Sort(byLength);
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
}
