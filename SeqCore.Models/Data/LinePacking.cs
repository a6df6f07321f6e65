namespace SeqCore.Models;

/// <summary>Packs the lines of a text into sequences that a model can read.</summary>
public static class LinePacking
{
    /// <summary>
    /// Packs lines in order, as many whole ones into each sequence as fit; a line that is too long for one sequence is split. So
    /// every sequence begins with a line, except for the rest of a split one.
    /// </summary>
    /// <param name="lines">The tokens of each line; empty ones are left out.</param>
    /// <param name="longest">The largest number of tokens in a sequence, at least 1.</param>
    /// <returns>The sequences, each of 1 to <paramref name="longest"/> tokens.</returns>
    public static IReadOnlyList<int[]> Pack(IEnumerable<int[]> lines, int longest)
    {
        Argument.AtLeast(longest, nameof(LinePacking), nameof(longest));
        var sequences = new List<int[]>();
        var open = new List<int>(longest);
        foreach (var line in Argument.NoNulls(lines, nameof(LinePacking), nameof(lines)))
        {
            if (open.Count + line.Length > longest)
                Close();
            foreach (var token in line)
            {
                if (open.Count == longest)
                    Close();
                open.Add(token);
            }
        }

        Close();
        return sequences;

        void Close()
        {
            if (open.Count > 0)
                sequences.Add([.. open]);
            open.Clear();
        }
    }
}
