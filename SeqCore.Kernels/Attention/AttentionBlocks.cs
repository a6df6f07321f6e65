namespace SeqCore.Kernels;

/// <summary>
/// Which keys each query may see, as a table over blocks of 64 queries by 64 keys: a block is full, empty, or has a mask of bits.
/// Empty blocks are skipped, not computed, so the cost is that of the others. Query i of T lies in row i / 64 of the table,
/// key j of S in column j / 64, whatever <see cref="AttentionArguments.QueryOffset"/> is.
/// </summary>
/// <param name="ByQuery">
/// Entry (b, n, I, J) at b BatchStride + n HeadStride + I C + J, with C columns: 0 for a full block; m + 1 for a block with mask
/// m; -k for an empty block which is followed by at least k - 1 empty ones in its row.
/// </param>
/// <param name="ByKey">
/// The same table by columns: entry (b, n, J, I) at b BatchStride + n HeadStride + J R + I, with R rows; here -k counts the empty
/// blocks along the column.
/// </param>
/// <param name="Masks">
/// The masks, 128 numbers each: bit j of number 2 r says whether query r of the block may see key j, bit j of number 2 r + 1
/// whether it may see key 32 + j.
/// </param>
/// <param name="BatchStride">Entries between the tables of sequences; 0 for one table for all.</param>
/// <param name="HeadStride">Entries between the tables of query heads; 0 for one table for all.</param>
public readonly record struct AttentionBlocks(DeviceSpan<int> ByQuery, DeviceSpan<int> ByKey, DeviceSpan<int> Masks,
    int BatchStride, int HeadStride)
{
    /// <summary>Queries and keys of a block.</summary>
    public const int Size = 64;

    /// <summary>Numbers of a mask in <see cref="Masks"/>.</summary>
    public const int MaskLength = 2 * Size;

    /// <summary>Returns the number of blocks that hold a number of queries or keys.</summary>
    /// <param name="length">The queries or the keys.</param>
    public static int Count(int length) => (int)(((long)length + Size - 1) / Size);

    internal bool IsAbsent => ByQuery.IsAbsent;
}
