using System.Numerics;
using System.Runtime.InteropServices;
using SeqCore.Kernels;

namespace SeqCore;

/// <summary>
/// A set of rows of a table: a bit for each row of the table, from which the list of its rows in ascending order is made.
/// </summary>
internal sealed class RowSet(int tableRows)
{
    private readonly ulong[] bits = new ulong[(tableRows + 63) / 64];

    /// <summary>For each word of bits the number of rows in the words before it.</summary>
    private readonly int[] before = new int[(tableRows + 63) / 64];
    private readonly List<int> rows = [];

    /// <summary>The rows in ascending order; always the same object, with the rows that the set has now.</summary>
    internal IReadOnlyList<int> Ascending => field ??= rows.AsReadOnly();

    /// <summary>The same rows, until the set changes.</summary>
    internal ReadOnlySpan<int> Span => CollectionsMarshal.AsSpan(rows);

    /// <summary>Adds rows, which may occur several times.</summary>
    /// <param name="indices">The rows.</param>
    /// <param name="except">A row that is not added, or null.</param>
    /// <exception cref="ArgumentException">An index is not a row of the table.</exception>
    internal void Add(ReadOnlySpan<int> indices, int? except = null)
    {
        var skipped = except ?? -1;
        foreach (var index in indices)
        {
            if ((uint)index >= (uint)tableRows)
                throw new ArgumentException($"Embedding: the index {index} is not a row of the table, in [0, {tableRows}).");
            if (index != skipped)
                bits[index >> 6] |= 1UL << index;
        }

        rows.Clear();
        for (var word = 0; word < bits.Length; word++)
        {
            before[word] = rows.Count;
            for (var rest = bits[word]; rest != 0; rest &= rest - 1)
                rows.Add((word << 6) + BitOperations.TrailingZeroCount(rest));
        }
    }

    /// <summary>Returns the place in <see cref="Ascending"/> of a row that is in the set.</summary>
    internal int PlaceOf(int row) => before[row >> 6] + BitOperations.PopCount(bits[row >> 6] & ((1UL << row) - 1));

    /// <summary>Returns the place of a row, or null if it is not in the set.</summary>
    internal int? Find(int row) => ((bits[row >> 6] >> row) & 1) != 0 ? PlaceOf(row) : null;

    internal void Clear()
    {
        Array.Clear(bits);
        rows.Clear();
    }

    /// <summary>Returns the rows in ascending order as indices on a device, to be disposed.</summary>
    internal IndexTensor OnDevice(Backend backend) =>
        IndexTensor.FromSpan(Span, new Shape(rows.Count), backend);
}
