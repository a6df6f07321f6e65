using System.Text;

namespace SeqCore.Models;

/// <summary>
/// The pieces that training starts from: the frequent parts of words that cannot be longer without being less frequent, found in
/// a sorted array of the words' suffixes.
/// </summary>
internal static class SeedPieces
{
    private const int LeastCharacters = 2, LeastFrequency = 2;

    /// <summary>
    /// Finds parts of 2 to a number of characters that are found at least twice, and keeps those with the largest frequency times
    /// length.
    /// </summary>
    /// <param name="words">The distinct words.</param>
    /// <param name="counts">How often each is found.</param>
    /// <param name="longest">The largest number of characters in a part.</param>
    /// <param name="most">The largest number of parts.</param>
    /// <param name="cancellation">Cancels the search.</param>
    /// <returns>The parts with their frequency times length, the largest first; equal ones in ordinal order.</returns>
    internal static List<(string Piece, double Weight)> Find(IReadOnlyList<string> words, IReadOnlyList<long> counts, int longest,
        int most, CancellationToken cancellation)
    {
        var (characters, wordOf) = Join(words);
        var suffixes = Sort(characters, wordOf, longest, cancellation);
        var found = new List<(string Piece, double Weight)>();
        var open = new Stack<(int Length, int First, double Count)>();

        // Of the suffixes from First on, all have the first Length characters; Count is how often they are found.
        for (var i = 0; i < suffixes.Length; i++)
        {
            var start = suffixes[i];
            var common = i == 0 ? 0 : Common(characters, suffixes[i - 1], start, longest + 1);
            var before = 0.0;
            while (open.TryPeek(out var top) && top.Length > common)
            {
                open.Pop();
                Add(top.Length, top.First, top.Count + before);
                before += top.Count;
            }

            // What was shorter than the part in common with the next suffix begins anew at that length.
            if (before > 0)
            {
                if (open.TryPeek(out var outer) && outer.Length == common)
                    open.Push(open.Pop() with { Count = outer.Count + before });
                else
                    open.Push((common, suffixes[i - 1], before));
            }

            // A suffix is a part too; if it is in others, it is there already.
            var length = Common(characters, start, start, longest + 1);
            var count = open.TryPeek(out var same) && same.Length == length ? open.Pop().Count : 0;
            open.Push((length, start, count + counts[wordOf[start]]));
        }

        for (var inner = 0.0; open.TryPop(out var top); inner += top.Count)
            Add(top.Length, top.First, top.Count + inner);
        found.Sort((a, b) => a.Weight != b.Weight ? b.Weight.CompareTo(a.Weight) : string.CompareOrdinal(a.Piece, b.Piece));
        if (found.Count > most)
            found.RemoveRange(most, found.Count - most);
        return found;

        void Add(int length, int first, double count)
        {
            if (length < LeastCharacters || length > longest || count < LeastFrequency)
                return;
            var piece = new StringBuilder();
            for (var at = first; at < first + length; at++)
                piece.Append(new Rune(characters[at]));
            found.Add((piece.ToString(), count * length));
        }
    }

    /// <summary>Joins the characters of all words, each word with -1 behind it, and tells the word of each position.</summary>
    private static (int[] Characters, int[] WordOf) Join(IReadOnlyList<string> words)
    {
        var (characters, wordOf) = (new List<int>(), new List<int>());
        for (var w = 0; w < words.Count; w++)
        {
            foreach (var character in words[w].EnumerateRunes())
            {
                characters.Add(character.Value);
                wordOf.Add(w);
            }

            characters.Add(-1);
            wordOf.Add(w);
        }

        return ([.. characters], [.. wordOf]);
    }

    /// <summary>Sorts the positions by the characters from there on, up to one more than the longest part has.</summary>
    private static int[] Sort(int[] characters, int[] wordOf, int longest, CancellationToken cancellation)
    {
        var suffixes = new List<int>(characters.Length);
        for (var at = 0; at < characters.Length; at++)
        {
            if (characters[at] >= 0)
                suffixes.Add(at);
        }

        cancellation.ThrowIfCancellationRequested();
        suffixes.Sort((a, b) =>
        {
            for (var i = 0; i <= longest; i++)
            {
                var (left, right) = (characters[a + i], characters[b + i]);
                if (left != right)
                    return left.CompareTo(right);
                if (left < 0)
                    break;
            }

            return wordOf[a] != wordOf[b] ? wordOf[a].CompareTo(wordOf[b]) : a.CompareTo(b);
        });
        cancellation.ThrowIfCancellationRequested();
        return [.. suffixes];
    }

    /// <summary>Returns the number of characters that two suffixes have in common at their starts.</summary>
    private static int Common(int[] characters, int a, int b, int most)
    {
        var length = 0;
        while (length < most && characters[a + length] >= 0 && characters[a + length] == characters[b + length])
            length++;
        return length;
    }
}
