using System.Runtime.InteropServices;

namespace SeqCore.Models;

/// <summary>Counts the n-grams of words and characters.</summary>
internal static class NgramCounts
{
    // No word of a tokenization that splits at white space contains this.
    private const char Separator = '\n';

    /// <summary>Counts the n-grams of words of one order.</summary>
    internal static Dictionary<string, int> OfWords(string[] words, int order)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i + order <= words.Length; i++)
            Add(counts, order == 1 ? words[i] : string.Join(Separator, words, i, order));
        return counts;
    }

    /// <summary>Counts the n-grams of characters (code points) of one order.</summary>
    /// <param name="text">The text.</param>
    /// <param name="starts">The index at which each of its characters begins, and its length at the end.</param>
    /// <param name="order">The number of characters, n.</param>
    internal static Dictionary<string, int> OfCharacters(string text, IReadOnlyList<int> starts, int order)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i + order < starts.Count; i++)
            Add(counts, text[starts[i]..starts[i + order]]);
        return counts;
    }

    /// <summary>Returns how many n-grams of one count are in another: the sum of the smaller counts.</summary>
    internal static int Matches(Dictionary<string, int> counts, Dictionary<string, int> reference) =>
        counts.Sum(c => Math.Min(c.Value, reference.GetValueOrDefault(c.Key)));

    private static void Add(Dictionary<string, int> counts, string ngram) =>
        CollectionsMarshal.GetValueRefOrAddDefault(counts, ngram, out _)++;
}
