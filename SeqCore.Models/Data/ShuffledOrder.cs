namespace SeqCore.Models;

/// <summary>
/// The order in which examples are drawn, batch by batch. Every epoch has another order, which depends only on the seed and the
/// number of the epoch. If lengths are compared, examples of similar length are grouped within pools of many batches, so that
/// there is little padding, and the batches are shuffled again.
/// </summary>
/// <param name="count">The number of examples, at least 1.</param>
/// <param name="batchSize">The number of sequences in a batch, B, at least 1.</param>
/// <param name="seed">The seed of the random orders.</param>
/// <param name="byLength">Compares two examples by length; null keeps them shuffled.</param>
/// <param name="mixesEqual">
/// Whether examples of equal length stay shuffled; else they are in the order of their indices, so that a set of equal lengths
/// has nearly the same batches in each epoch.
/// </param>
internal sealed class ShuffledOrder(int count, int batchSize, ulong seed, Comparison<int>? byLength, bool mixesEqual = false)
{
    private const int BatchesInPool = 50;
    private readonly int[] order = new int[count];
    private readonly int[] place = new int[mixesEqual ? count : 0];
    private readonly int[] batchOrder = new int[((count - 1) / batchSize) + 1];
    private ulong? pass;

    /// <summary>The number of batches in an epoch; the last batch may be smaller.</summary>
    internal int BatchesPerPass => batchOrder.Length;

    /// <summary>Returns the examples of a batch.</summary>
    /// <param name="position">The number of batches drawn before.</param>
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
        // Epochs are so far apart in the stream of numbers that none reaches the next.
        var random = new RandomGenerator(seed) { Counter = number << 32 };
        Shuffle(order, random);
        for (var i = 0; i < place.Length; i++)
            place[order[i]] = i;
        var pool = (int)Math.Min(count, BatchesInPool * (long)batchSize);
        for (var first = 0; byLength is not null && first < count; first += pool)
            order.AsSpan(first, Math.Min(pool, count - first)).Sort(Compare);
        Shuffle(batchOrder, random);
    }

    private int Compare(int i, int j) => byLength!(i, j) is not 0 and var other ? other
        : mixesEqual ? place[i].CompareTo(place[j])
        : i.CompareTo(j);

    /// <summary>Fills an array with its indices in a random order.</summary>
    internal static void Shuffle(int[] order, RandomGenerator random)
    {
        for (var i = 0; i < order.Length; i++)
            order[i] = i;
        for (var i = order.Length - 1; i > 0; i--)
        {
            var other = random.NextInt32(i + 1);
            (order[i], order[other]) = (order[other], order[i]);
        }
    }
}
