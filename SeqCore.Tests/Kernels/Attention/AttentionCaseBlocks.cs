using SeqCore.Kernels;

namespace SeqCore.Tests.Kernels.Attention;

/// <summary>
/// Blocks for a case, drawn from their places: half of them empty, a fifth full, the others with masks in which half of the bits
/// are set.
/// </summary>
internal static class AttentionCaseBlocks
{
    private const int Size = AttentionBlocks.Size;

    /// <summary>Whether query i may see key j.</summary>
    internal static bool IsSeen(AttentionCase c, int b, int n, int i, int j)
    {
        var kind = Kind(c, b, n, i / Size, j / Size);
        return kind > 7 || (kind > 4 && Drawn(i, j, 1) % 2 == 0);
    }

    /// <summary>The tables by queries, the tables by keys and the masks.</summary>
    internal static (int[] ByQuery, int[] ByKey, int[] Masks) Tables(AttentionCase c)
    {
        var (batch, heads) = c.BlockSizes!.Value;
        int rows = AttentionBlocks.Count(c.Queries), columns = AttentionBlocks.Count(c.Keys);
        List<int> byQuery = [], byKey = [], masks = [];
        for (var table = 0; table < batch * heads; table++)
        {
            int b = table / heads, n = table % heads;
            var entries = new int[rows, columns];
            for (var block = 0; block < rows * columns; block++)
            {
                int row = block / columns, column = block % columns;
                var kind = Kind(c, b, n, row, column);
                entries[row, column] = kind <= 4 ? -1 : kind > 7 ? 0 : (masks.Count / AttentionBlocks.MaskLength) + 1;
                if (kind is > 4 and <= 7)
                    masks.AddRange(Mask(c, b, n, row, column));
            }

            for (var row = 0; row < rows; row++)
                byQuery.AddRange(Counted([.. Enumerable.Range(0, columns).Select(column => entries[row, column])]));
            for (var column = 0; column < columns; column++)
                byKey.AddRange(Counted([.. Enumerable.Range(0, rows).Select(row => entries[row, column])]));
        }

        return ([.. byQuery], [.. byKey], [.. masks]);
    }

    /// <summary>The tables in a device's memory.</summary>
    internal static AttentionBlocks Span(AttentionCase c, DeviceSpan<int> byQuery, DeviceSpan<int> byKey, DeviceSpan<int> masks)
    {
        var (batch, heads) = c.BlockSizes!.Value;
        var table = byQuery.Length / (batch * heads);
        return new AttentionBlocks(byQuery, byKey, masks, batch == 1 ? 0 : heads * table, heads == 1 ? 0 : table);
    }

    private static IEnumerable<int> Mask(AttentionCase c, int b, int n, int row, int column) =>
        from number in Enumerable.Range(0, AttentionBlocks.MaskLength)
        select Enumerable.Range(0, 32).Sum(bit => IsSeen(c, b, n, (row * Size) + (number / 2),
            (column * Size) + (number % 2 * 32) + bit) ? 1 << bit : 0);

    /// <summary>Empty blocks as minus the number of empty ones from there on.</summary>
    private static int[] Counted(int[] entries)
    {
        for (var i = entries.Length - 2; i >= 0; i--)
        {
            if (entries[i] < 0 && entries[i + 1] < 0)
                entries[i] = entries[i + 1] - 1;
        }

        return entries;
    }

    private static uint Kind(AttentionCase c, int b, int n, int row, int column)
    {
        var (batch, heads) = c.BlockSizes!.Value;
        return Drawn((b % batch * 31) + (n % heads), (row * 101) + column, 2) % 10;
    }

    private static uint Drawn(int x, int y, int z)
    {
        var h = ((uint)x * 0x9E3779B1u) ^ ((uint)y * 0x85EBCA77u) ^ ((uint)z * 0xC2B2AE3Du);
        h = (h ^ (h >> 15)) * 0x2C1B3C6Du;
        h = (h ^ (h >> 12)) * 0x297A2D39u;
        return h ^ (h >> 15);
    }
}
