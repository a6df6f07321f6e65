using System.Runtime.InteropServices;
using SeqCore.Kernels;

namespace SeqCore.Patterns;

/// <summary>The places of some queries and keys for which a table is made.</summary>
/// <param name="FirstQuery">The position of the first query.</param>
/// <param name="Queries">The number of queries.</param>
/// <param name="FirstKey">The position of the first key.</param>
/// <param name="Keys">The number of keys.</param>
internal readonly record struct PatternExtent(int FirstQuery, int Queries, int FirstKey, int Keys);

/// <summary>The table of blocks that a rule gives for some queries and keys, on the host.</summary>
internal sealed class PatternTable
{
    private const int Size = AttentionBlocks.Size;

    private readonly Dictionary<string, int> numbers = [];
    private readonly List<int> masks = [];

    internal PatternTable(PatternRule rule, PatternExtent extent)
    {
        int rows = AttentionBlocks.Count(extent.Queries), columns = AttentionBlocks.Count(extent.Keys), table = rows * columns;
        var tables = checked(rule.Sequences * rule.Heads);
        ByQuery = new int[checked(tables * table)];
        ByKey = new int[ByQuery.Length];
        var bits = new ulong[Size * columns];
        for (var i = 0; i < tables; i++)
        {
            for (var row = 0; row < rows; row++)
            {
                Fill(rule, extent, i / rule.Heads, i % rule.Heads, row, bits);
                var entries = ByQuery.AsSpan((i * table) + (row * columns), columns);
                for (var column = 0; column < columns; column++)
                    entries[column] = Entry(bits, extent, row, column, columns);
            }

            Transpose(ByQuery.AsSpan(i * table, table), ByKey.AsSpan(i * table, table), columns);
            Count(ByQuery.AsSpan(i * table, table), columns);
            Count(ByKey.AsSpan(i * table, table), rows);
        }
    }

    internal int[] ByQuery { get; }

    internal int[] ByKey { get; }

    internal int[] Masks => [.. masks];

    /// <summary>Fills the bits of the rows of a block, a row of bits for each.</summary>
    private static void Fill(PatternRule rule, PatternExtent extent, int sequence, int head, int row, ulong[] bits)
    {
        Array.Clear(bits);
        var words = bits.Length / Size;
        for (var r = 0; r < Math.Min(Size, extent.Queries - (row * Size)); r++)
        {
            var query = new PatternQuery(sequence, head, extent.FirstQuery + (row * Size) + r, extent.FirstKey + extent.Keys);
            rule.Allow(query, new PatternRow(bits.AsSpan(r * words, words), extent.FirstKey, extent.Keys));
        }
    }

    /// <summary>0 for a full block, -1 for an empty one, otherwise the number of its mask plus 1.</summary>
    private int Entry(ulong[] bits, PatternExtent extent, int row, int column, int columns)
    {
        int queries = Math.Min(Size, extent.Queries - (row * Size)), keys = Math.Min(Size, extent.Keys - (column * Size));
        var all = keys == Size ? ulong.MaxValue : (1UL << keys) - 1;
        bool isFull = true, isEmpty = true;
        Span<ulong> block = stackalloc ulong[Size];
        for (var r = 0; r < queries; r++)
        {
            block[r] = bits[(r * columns) + column];
            isFull &= block[r] == all;
            isEmpty &= block[r] == 0;
        }

        if (isFull || isEmpty)
            return isFull ? 0 : -1;

        // Many blocks of a pattern are alike, and need one mask.
        var content = new string(MemoryMarshal.Cast<ulong, char>(block));
        if (!numbers.TryGetValue(content, out var number))
        {
            number = numbers.Count;
            numbers.Add(content, number);
            masks.AddRange(MemoryMarshal.Cast<ulong, int>(block));
        }

        return number + 1;
    }

    private static void Transpose(ReadOnlySpan<int> from, Span<int> to, int columns)
    {
        var rows = columns == 0 ? 0 : from.Length / columns;
        for (var at = 0; at < from.Length; at++)
            to[(at % columns * rows) + (at / columns)] = from[at];
    }

    /// <summary>Turns each -1 into minus the number of empty blocks from there to the next other one in its row.</summary>
    private static void Count(Span<int> entries, int columns)
    {
        for (var at = entries.Length - 2; at >= 0; at--)
        {
            if (entries[at] < 0 && entries[at + 1] < 0 && (at + 1) % columns != 0)
                entries[at] = entries[at + 1] - 1;
        }
    }
}
