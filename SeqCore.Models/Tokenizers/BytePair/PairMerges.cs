namespace SeqCore.Models;

/// <summary>The merges of a <see cref="BytePairTokenizer"/>: which pairs of tokens become one, earlier ones first.</summary>
internal sealed class PairMerges
{
    private const int ShortWord = 64;
    private const int NoRank = int.MaxValue;

    /// <summary>The rank of each pair, and the token that it becomes.</summary>
    private readonly PairTable table;

    /// <summary>Makes a table of merges; of a pair that is listed twice, the first counts.</summary>
    internal PairMerges(IReadOnlyList<(int Left, int Right, int Merged)> merges)
    {
        table = new(merges.Count);
        for (var rank = 0; rank < merges.Count; rank++)
            table.GetOrAdd(PairTable.Pair(merges[rank].Left, merges[rank].Right), ((long)rank << 32) | (uint)merges[rank].Merged);
    }

    /// <summary>
    /// Merges the tokens of a word in place: again and again the pair of the lowest rank, the leftmost of equal ones.
    /// </summary>
    /// <returns>The number of tokens that remain.</returns>
    internal int Merge(Span<int> word) => word.Length <= ShortWord ? MergeShort(word) : MergeLong(word);

    private int MergeShort(Span<int> word)
    {
        Span<long> found = stackalloc long[ShortWord];
        var count = word.Length;
        for (var i = 0; i < count - 1; i++)
            found[i] = Find(word[i], word[i + 1]);
        while (count > 1)
        {
            var (best, at) = (long.MaxValue, 0);
            for (var i = 0; i < count - 1; i++)
            {
                if (found[i] < best)
                    (best, at) = (found[i], i);
            }

            if (best == long.MaxValue)
                break;
            word[at] = (int)best;
            word[(at + 2)..count].CopyTo(word[(at + 1)..]);
            count--;
            if (at < count - 1)
            {
                found[(at + 2)..count].CopyTo(found[(at + 1)..]);
                found[at] = Find(word[at], word[at + 1]);
            }

            if (at > 0)
                found[at - 1] = Find(word[at - 1], word[at]);
        }

        return count;
    }

    /// <summary>The same with a heap, in O(n log n): a text without spaces is one long word.</summary>
    private int MergeLong(Span<int> word)
    {
        var next = new int[word.Length];
        var previous = new int[word.Length];
        var heap = new PriorityQueue<int, (int Rank, int At)>();
        for (var i = 0; i < word.Length; i++)
        {
            (previous[i], next[i]) = (i - 1, i + 1);
            Offer(word, i);
        }

        // The place of a token that was merged into the one before it has a next place of 0, which no other has.
        while (heap.TryDequeue(out var at, out var offered))
        {
            var right = next[at];
            if (right == 0 || right == word.Length)
                continue;
            var found = Find(word[at], word[right]);
            if (RankOf(found) != offered.Rank)
                continue;
            word[at] = (int)found;
            next[at] = next[right];
            if (next[right] < word.Length)
                previous[next[right]] = at;
            next[right] = 0;
            Offer(word, at);
            if (previous[at] >= 0)
                Offer(word, previous[at]);
        }

        var count = 0;
        for (var i = 0; i < word.Length; i = next[i])
            word[count++] = word[i];
        return count;

        void Offer(ReadOnlySpan<int> tokens, int at)
        {
            if (next[at] < tokens.Length && RankOf(Find(tokens[at], tokens[next[at]])) is var rank && rank != NoRank)
                heap.Enqueue(at, (rank, at));
        }
    }

    private static int RankOf(long found) => (int)(found >> 32);

    private long Find(int left, int right)
    {
        var found = table.Find(left, right);
        return found < 0 ? long.MaxValue : found;
    }
}
