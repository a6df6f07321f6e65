namespace SeqCore.Models;

/// <summary>The runs of neighbouring rows among rows in ascending order.</summary>
/// <param name="rows">The rows.</param>
/// <param name="columns">The number of elements of a row.</param>
internal readonly struct RowRuns(IReadOnlyList<int> rows, int columns)
{
    public Enumerator GetEnumerator() => new(rows, columns);

    /// <summary>Goes through the runs.</summary>
    internal struct Enumerator(IReadOnlyList<int> rows, int columns)
    {
        private readonly int count = rows.Count;
        private int next;

        /// <summary>The first element of a run in the table, and its number of elements.</summary>
        public (int Start, int Length) Current { get; private set; }

        public bool MoveNext()
        {
            if (next == count)
                return false;
            int first = rows[next++], end = first + 1;
            for (; next < count && rows[next] == end; next++)
                end++;
            Current = (first * columns, (end - first) * columns);
            return true;
        }
    }
}
