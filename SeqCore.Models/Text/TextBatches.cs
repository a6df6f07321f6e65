namespace SeqCore.Models;

/// <summary>Groups texts for prediction and evaluation.</summary>
internal static class TextBatches
{
    /// <summary>
    /// Groups texts of similar length, so that there is little padding, and few long ones, so that memory is bounded.
    /// </summary>
    /// <typeparam name="T">The type of a text.</typeparam>
    /// <param name="texts">The texts.</param>
    /// <param name="length">Returns the number of tokens of a text.</param>
    /// <param name="maximumBatch">The largest number of texts in a group.</param>
    /// <param name="maximumTokens">The largest number of tokens with padding in a group of more than one text.</param>
    /// <returns>The indices of the texts of each group.</returns>
    internal static IEnumerable<List<int>> Of<T>(IReadOnlyList<T> texts, Func<T, int> length, int maximumBatch, int maximumTokens)
    {
        var rows = new List<int>();
        foreach (var i in Enumerable.Range(0, texts.Count).OrderBy(i => length(texts[i])))
        {
            if (rows.Count == maximumBatch || (rows.Count > 0 && (rows.Count + 1L) * length(texts[i]) > maximumTokens))
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
