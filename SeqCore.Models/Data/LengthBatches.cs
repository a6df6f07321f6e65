namespace SeqCore.Models;

/// <summary>Groups sequences, such as the tokens of texts, for prediction and evaluation.</summary>
internal static class LengthBatches
{
    // Sequences that run at once outside training, beams of all of them, and their steps with padding.
    private const int MaximumBatch = 64, MaximumBeams = 256, MaximumSteps = 16_384;

    /// <summary>
    /// Groups sequences of similar length, so that there is little padding, and few long ones, so that memory is bounded.
    /// </summary>
    /// <typeparam name="T">The type of a sequence.</typeparam>
    /// <param name="sequences">The sequences.</param>
    /// <param name="length">Returns the number of steps of a sequence, such as its tokens.</param>
    /// <param name="beams">The number of results that are written side by side for each sequence.</param>
    /// <returns>The indices of the sequences of each group.</returns>
    internal static IEnumerable<List<int>> Of<T>(IReadOnlyList<T> sequences, Func<T, int> length, int beams = 1)
    {
        var rows = new List<int>();
        var most = Math.Min(MaximumBatch, Math.Max(1, MaximumBeams / beams));
        foreach (var i in Enumerable.Range(0, sequences.Count).OrderBy(i => length(sequences[i])))
        {
            if (rows.Count == most || (rows.Count > 0 && (rows.Count + 1L) * length(sequences[i]) > MaximumSteps))
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
