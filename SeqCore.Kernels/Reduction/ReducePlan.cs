namespace SeqCore.Kernels.Reduction;

/// <summary>
/// The division of a reduction: the axes that are kept and those that are reduced, and items of about 64 K elements, each a tile
/// of results times a part of the reduced elements. It depends on the layouts only, not on the threads.
/// </summary>
internal readonly struct ReducePlan
{
    /// <summary>
    /// The number of results that one item in column order computes side by side: 1 KB for each of its buffers.
    /// </summary>
    internal const int Columns = 256;

    private const int ItemSize = 65536;

    /// <summary>The walk over the results; operand 0 is x, operand 1 is y.</summary>
    internal readonly StridedPlan Kept;

    /// <summary>The walk over the elements of one result; operand 0 is x.</summary>
    internal readonly StridedPlan Reduced;

    /// <summary>Whether vectors run along results rather than along the reduced elements.</summary>
    internal readonly bool ByColumns;

    /// <summary>The number of results in a tile (the last one of a row may be smaller).</summary>
    internal readonly int Tile;

    /// <summary>The number of tiles along the innermost kept axis in column order, otherwise of all tiles.</summary>
    internal readonly int TilesPerRow;

    /// <summary>The number of tiles.</summary>
    internal readonly int Tiles;

    /// <summary>The number of reduced elements in a part (the last one may be smaller).</summary>
    internal readonly int Part;

    /// <summary>The number of parts of each result.</summary>
    internal readonly int Parts;

    internal ReducePlan(in Layout x, in Layout y)
    {
        Kept = StridedPlan.Create([Subset(x, y, true, x), Subset(x, y, true, y)]);
        Reduced = StridedPlan.Create([Subset(x, y, false, x)]);
        ByColumns = Kept.Rank > 0 && Kept.InnerSize >= 8
            && (Reduced.Count < 32 || (Reduced.InnerStride(0) != 1 && Kept.InnerStride(0) < Reduced.InnerStride(0)));
        if (ByColumns)
        {
            Tile = Math.Min(Columns, Kept.InnerSize);
            TilesPerRow = RowChunking.Chunks(Kept.InnerSize, Tile);
            Tiles = Kept.Count / Kept.InnerSize * TilesPerRow;
            Part = Math.Max(1, ItemSize / Tile);
        }
        else
        {
            Tile = Math.Max(1, ItemSize / 4 / Reduced.Count);
            TilesPerRow = Tiles = RowChunking.Chunks(Kept.Count, Tile);
            Part = ItemSize;
        }

        Parts = RowChunking.Chunks(Reduced.Count, Part);
    }

    /// <summary>Returns the first result and the number of results of a tile.</summary>
    internal (int Start, int Count) Results(int tile)
    {
        if (!ByColumns)
            return (tile * Tile, Math.Min(Tile, Kept.Count - tile * Tile));
        var (row, column) = Math.DivRem(tile, TilesPerRow);
        return (row * Kept.InnerSize + column * Tile, Math.Min(Tile, Kept.InnerSize - column * Tile));
    }

    private static Layout Subset(in Layout x, in Layout y, bool kept, in Layout of)
    {
        Span<int> sizes = stackalloc int[Layout.MaxRank];
        Span<int> strides = stackalloc int[Layout.MaxRank];
        var rank = 0;
        for (var axis = 0; axis < x.Rank; axis++)
        {
            if ((x.Size(axis) == y.Size(axis)) != kept)
                continue;
            sizes[rank] = x.Size(axis);
            strides[rank++] = of.Stride(axis);
        }

        return new Layout(sizes[..rank], strides[..rank]);
    }
}
