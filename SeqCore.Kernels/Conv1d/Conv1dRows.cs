namespace SeqCore.Kernels.Conv1d;

/// <summary>
/// The sequences that a sum over taps reads, and where its rows come from. Rows of all sequences are numbered through: row r is
/// row r mod Count of sequence r / Count.
/// </summary>
internal unsafe struct Conv1dRows
{
    internal Conv1dTaps Taps;

    /// <summary>The operand, shape (B, InSteps, InWidth).</summary>
    internal float* In;

    /// <summary>The length of each sequence's operand, or null if all are whole.</summary>
    internal int* InLimits;

    /// <summary>The length of each sequence's result, or null if all are whole.</summary>
    internal int* OutLimits;

    /// <summary>The rows of all sequences.</summary>
    internal readonly long Total => (long)Taps.Batch * Taps.Count;

    /// <summary>
    /// The number of rows of the operand, Spacing apart, between the windows of neighbouring results; 0 if windows do not lie on
    /// the same rows, or do not overlap.
    /// </summary>
    internal readonly int WindowStep => Taps.InStep % Taps.Spacing != 0 || Taps.InStep / Taps.Spacing >= Taps.Taps
        ? 0 : Taps.InStep / Taps.Spacing;

    /// <summary>Whether the taps of a window follow each other in the operand's memory.</summary>
    internal readonly bool IsContiguous => Taps.Taps == 1 || (Taps.Spacing == 1 && Taps.Groups == 1);

    internal readonly int InLimit(int b) => InLimits == null ? Taps.InSteps : InLimits[b];

    /// <summary>Returns the number of rows of a sequence that lie within its result.</summary>
    internal readonly int Valid(int b) => OutLimits == null ? Taps.Count : Taps.CountOf(OutLimits[b]);

    /// <summary>
    /// Returns the windows of rows [first, end) of a sequence as they lie in memory, InStep rows apart; null if one of them
    /// reaches beyond the sequence, or has gaps.
    /// </summary>
    internal readonly float* InPlace(int b, int first, int end, int group)
    {
        long start = (long)first * Taps.InStep + Taps.InOffset,
            last = (long)(end - 1) * Taps.InStep + Taps.InOffset + (Taps.Taps - 1L) * Taps.Spacing;
        return IsContiguous && start >= 0 && last < InLimit(b)
            ? In + ((long)b * Taps.InSteps + start) * Taps.InWidth + group * Taps.From
            : null;
    }

    /// <summary>
    /// Copies the rows that the windows of rows [first, end) of a sequence lie on, each once, with 0 for those outside: window i
    /// is then Depth neighbouring elements from i WindowStep From on.
    /// </summary>
    internal readonly void CopyWindows(int b, int first, int end, int group, float* to)
    {
        var rows = (end - 1 - first) * WindowStep + Taps.Taps;
        CopyRows(b, (long)first * Taps.InStep + Taps.InOffset, rows, group, to);
    }

    /// <summary>Copies the window of one row of a sequence.</summary>
    internal readonly void CopyWindow(int b, int row, int group, float* to) =>
        CopyRows(b, (long)row * Taps.InStep + Taps.InOffset, Taps.Taps, group, to);

    private readonly void CopyRows(int b, long start, int rows, int group, float* to)
    {
        int limit = InLimit(b), from = Taps.From;
        var sequence = In + (long)b * Taps.InSteps * Taps.InWidth + group * from;
        if (Taps.Spacing == 1 && from == Taps.InWidth && start >= 0 && start + rows <= limit)
        {
            new ReadOnlySpan<float>(sequence + start * from, rows * from).CopyTo(new Span<float>(to, rows * from));
            return;
        }

        for (var n = 0; n < rows; n++, start += Taps.Spacing, to += from)
        {
            var row = new Span<float>(to, from);
            if (start >= 0 && start < limit)
                new ReadOnlySpan<float>(sequence + start * Taps.InWidth, from).CopyTo(row);
            else
                row.Clear();
        }
    }
}
