namespace SeqCore.Models;

/// <summary>Groups texts for prediction and evaluation.</summary>
internal static class TextBatches
{
    // Texts that run at once outside training, beams of all of them, and their tokens with padding.
    private const int MaximumBatch = 64, MaximumBeams = 256, MaximumTokens = 16_384;

    /// <summary>
    /// Groups texts of similar length, so that there is little padding, and few long ones, so that memory is bounded.
    /// </summary>
    /// <typeparam name="T">The type of a text.</typeparam>
    /// <param name="texts">The texts.</param>
    /// <param name="length">Returns the number of tokens of a text.</param>
    /// <param name="beams">The number of results that are written side by side for each text.</param>
    /// <returns>The indices of the texts of each group.</returns>
    internal static IEnumerable<List<int>> Of<T>(IReadOnlyList<T> texts, Func<T, int> length, int beams = 1)
    {
        var rows = new List<int>();
        var most = Math.Min(MaximumBatch, Math.Max(1, MaximumBeams / beams));
        foreach (var i in Enumerable.Range(0, texts.Count).OrderBy(i => length(texts[i])))
        {
            if (rows.Count == most || (rows.Count > 0 && (rows.Count + 1L) * length(texts[i]) > MaximumTokens))
            {
                yield return rows;
                rows = [];
            }

            rows.Add(i);
        }

        if (rows.Count > 0)
            yield return rows;
    }
}
