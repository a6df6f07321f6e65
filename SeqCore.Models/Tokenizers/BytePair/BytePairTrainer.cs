using System.Text;

namespace SeqCore.Models;

/// <summary>
/// Merges the most frequent pair of tokens, again and again. The number of times that each pair is found is kept as words change,
/// and so are the words in which it may be found, so that a merge takes time only for the words that it changes.
/// </summary>
internal sealed class BytePairTrainer
{
    private readonly List<byte[]> bytes;

    /// <summary>The tokens of all words, one word after the other, each in as much space as it took at first.</summary>
    private readonly int[] symbols;
    private readonly int[] starts, lengths;
    private readonly long[] frequencies;

    /// <summary>The number of each pair in the lists below.</summary>
    private readonly PairTable numbers = new();
    private readonly List<ulong> pairs = [];
    private readonly List<long> counts = [];

    /// <summary>The words in which each pair was found; in some it may be no longer.</summary>
    private readonly List<List<int>?> places = [];

    /// <summary>Pairs by what their count was when they were put in, or more.</summary>
    private readonly PriorityQueue<int, Priority> queue = new();

    /// <summary>The pairs that became more frequent in the current merge.</summary>
    private readonly List<int> raised = [];

    /// <summary>For each pair, the last merge in which it became more frequent.</summary>
    private readonly List<int> raisedIn = [];
    private int round;
    private readonly Dictionary<string, int> tokens = new(StringComparer.Ordinal);
    private readonly HashSet<ulong> merged = [];

    /// <summary>Prepares a training.</summary>
    /// <param name="words">The words and how often each is found.</param>
    /// <param name="bytes">The bytes of the tokens so far, to which those of new tokens are added.</param>
    /// <param name="firstByte">The first token that is a byte.</param>
    internal BytePairTrainer(Dictionary<string, long> words, List<byte[]> bytes, int firstByte)
    {
        this.bytes = bytes;
        var tokenOfByte = new int[256];
        for (var token = firstByte; token < bytes.Count; token++)
        {
            tokenOfByte[bytes[token][0]] = token;
            tokens.Add(ByteCharacters.ToText(bytes[token]), token);
        }

        symbols = new int[words.Keys.Sum(w => (long)Encoding.UTF8.GetByteCount(w))];
        (starts, lengths, frequencies) = (new int[words.Count], new int[words.Count], new long[words.Count]);
        var (word, at) = (0, 0);
        foreach (var (text, frequency) in words)
        {
            (starts[word], frequencies[word]) = (at, frequency);
            foreach (var b in Encoding.UTF8.GetBytes(text))
                symbols[at++] = tokenOfByte[b];
            lengths[word] = at - starts[word];
            word++;
        }
    }

    /// <summary>The merges so far, in order.</summary>
    internal List<(int Left, int Right, int Merged)> Merges { get; } = [];

    /// <summary>Merges until there are enough tokens, or no pair is frequent enough.</summary>
    internal void Run(int vocabularySize, int minimumFrequency, CancellationToken cancellation)
    {
        for (var word = 0; word < starts.Length; word++)
        {
            var of = symbols.AsSpan(starts[word], lengths[word]);
            for (var i = 0; i < of.Length - 1; i++)
                Change(of[i], of[i + 1], frequencies[word], word);
        }

        Offer(minimumFrequency);
        while (bytes.Count < vocabularySize && queue.TryDequeue(out var number, out var priority))
        {
            cancellation.ThrowIfCancellationRequested();
            if (priority.Count == counts[number])
                MergePair(number);
            else if (counts[number] >= minimumFrequency)
                queue.Enqueue(number, new(counts[number], pairs[number]));
            Offer(minimumFrequency);
        }
    }

    private void MergePair(int number)
    {
        var (left, right) = ((int)(pairs[number] >> 32), (int)(uint)pairs[number]);
        byte[] together = [.. bytes[left], .. bytes[right]];
        var text = ByteCharacters.ToText(together);
        if (!tokens.TryGetValue(text, out var token))
        {
            // Two pairs may spell the same token.
            token = bytes.Count;
            tokens.Add(text, token);
            bytes.Add(together);
        }

        // A pair comes again only where another pair spells one of its tokens anew; its first merge is the one that counts.
        if (merged.Add(pairs[number]))
            Merges.Add((left, right, token));
        var words = places[number]!;
        places[number] = null;
        foreach (var word in words)
            MergeIn(word, left, right, token);
        counts[number] = 0;
    }

    /// <summary>Merges a pair wherever a word has it, from the left.</summary>
    private void MergeIn(int word, int left, int right, int token)
    {
        var of = symbols.AsSpan(starts[word], lengths[word]);
        var (count, frequency) = (0, frequencies[word]);
        for (var i = 0; i < of.Length; i++)
        {
            if (of[i] != left || i + 1 == of.Length || of[i + 1] != right)
            {
                of[count++] = of[i];
                continue;
            }

            if (count > 0)
            {
                Change(of[count - 1], left, -frequency, word);
                Change(of[count - 1], token, frequency, word);
            }

            i++;
            if (i + 1 < of.Length)
            {
                Change(right, of[i + 1], -frequency, word);
                Change(token, of[i + 1], frequency, word);
            }

            of[count++] = token;
        }

        lengths[word] = count;
    }

    private void Change(int left, int right, long change, int word)
    {
        var pair = PairTable.Pair(left, right);
        var number = (int)numbers.GetOrAdd(pair, pairs.Count);
        if (number == pairs.Count)
        {
            pairs.Add(pair);
            counts.Add(0);
            places.Add(null);
            raisedIn.Add(-1);
        }

        counts[number] += change;
        if (change < 0)
            return;
        if (raisedIn[number] != round)
            raised.Add(number);
        raisedIn[number] = round;
        var words = places[number] ??= [];
        if (words.Count == 0 || words[^1] != word)
            words.Add(word);
    }

    private void Offer(int minimumFrequency)
    {
        foreach (var number in raised)
        {
            if (counts[number] >= minimumFrequency)
                queue.Enqueue(number, new(counts[number], pairs[number]));
        }

        raised.Clear();
        round++;
    }

    /// <summary>More frequent pairs come first; of equal ones, those with the smaller left token, then right token.</summary>
    private readonly record struct Priority(long Count, ulong Pair) : IComparable<Priority>
    {
        public int CompareTo(Priority other) =>
            Count != other.Count ? other.Count.CompareTo(Count) : Pair.CompareTo(other.Pair);
    }
}
