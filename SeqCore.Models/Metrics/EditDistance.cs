namespace SeqCore.Models;

/// <summary>
/// The Levenshtein distance between words and a reference within a band around the diagonal, with the alignment that Tercom
/// prefers: equal or substituted words, then deletions, then insertions.
/// </summary>
internal static class EditDistance
{
    private const int BandWidth = 25;
    private const int Far = int.MaxValue / 2;

    private enum Edit : byte
    {
        Unknown,
        Keep,
        Substitute,
        Insert,
        Delete,
    }

    /// <summary>Returns the distance, and where the words of the reference are in the text.</summary>
    internal static (int Distance, Alignment Alignment) Of(string[] words, string[] reference)
    {
        var (rows, columns) = (words.Length + 1, reference.Length + 1);
        var costs = new int[rows * columns];
        var edits = new Edit[rows * columns];
        Array.Fill(costs, Far);
        for (var j = 0; j < columns; j++)
            (costs[j], edits[j]) = (j, Edit.Insert);
        var ratio = words.Length == 0 ? 1.0 : (double)reference.Length / words.Length;
        var band = BandWidth < ratio / 2 ? (int)Math.Ceiling((ratio / 2) + BandWidth) : BandWidth;
        for (var i = 1; i < rows; i++)
        {
            var diagonal = (int)Math.Floor(i * ratio);
            var end = i == words.Length ? columns : Math.Min(columns, diagonal + band);
            for (var j = Math.Max(0, diagonal - band); j < end; j++)
            {
                var at = (i * columns) + j;
                if (j > 0)
                {
                    var isEqual = words[i - 1] == reference[j - 1];
                    Take(at, costs[at - columns - 1] + (isEqual ? 0 : 1), isEqual ? Edit.Keep : Edit.Substitute);
                }

                Take(at, costs[at - columns] + 1, Edit.Delete);
                if (j > 0)
                    Take(at, costs[at - 1] + 1, Edit.Insert);
            }
        }

        return (costs[^1], Aligned(edits, words.Length, reference.Length));

        void Take(int at, int cost, Edit edit)
        {
            if (cost < costs[at])
                (costs[at], edits[at]) = (cost, edit);
        }
    }

    private static Alignment Aligned(Edit[] edits, int words, int reference)
    {
        var (wrongWords, wrongReference, places) = (new bool[words], new bool[reference], new int[reference]);
        for (var (i, j) = (words, reference); i > 0 || j > 0;)
        {
            var edit = edits[(i * (reference + 1)) + j];
            if (edit is Edit.Keep or Edit.Substitute)
            {
                wrongWords[--i] = wrongReference[--j] = edit == Edit.Substitute;
                places[j] = i;
            }
            else if (edit == Edit.Delete)
            {
                wrongWords[--i] = true;
            }
            else
            {
                wrongReference[--j] = true;
                places[j] = i - 1;
            }
        }

        return new Alignment(wrongWords, wrongReference, places);
    }

    /// <summary>Where the words of a reference are in a text, and which words of both are wrong.</summary>
    internal sealed class Alignment(bool[] wrongWords, bool[] wrongReference, int[] places)
    {
        /// <summary>The word that a word of the reference is at, or the one before its place; -1 before the first.</summary>
        internal int Place(int reference) => places[reference];

        internal bool HasErrorInWords(int start, int length) => wrongWords.AsSpan(start, length).Contains(true);

        internal bool HasErrorInReference(int start, int length) => wrongReference.AsSpan(start, length).Contains(true);
    }
}
