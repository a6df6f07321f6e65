namespace SeqCore.Kernels;

/// <summary>
/// How a reduction is cut: the axes that stay and those that go, and items of about 64 K elements, each a tile of results times
/// a part of what is reduced. It depends on the layouts alone, not on the threads.
/// </summary>
internal readonly struct ReducePlan
{
    /// <summary>Results that one item in column order computes side by side: 1 KB for each of its buffers.</summary>
    internal const int Columns = 256;

    private const int ItemSize = 65536;

    /// <summary>The walk over the results; operand 0 is x, operand 1 is y.</summary>
    internal readonly StridedPlan Kept;

    /// <summary>The walk over what becomes one result; operand 0 is x.</summary>
    internal readonly StridedPlan Reduced;

    /// <summary>Whether vectors run along results rather than along what is reduced.</summary>
    internal readonly bool ByColumns;

    /// <summary>Results in a tile (the last of a row may be shorter).</summary>
    internal readonly int Tile;

    /// <summary>Tiles along the innermost kept axis in column order, else in all.</summary>
    internal readonly int TilesPerRow;

    /// <summary>Number of tiles.</summary>
    internal readonly int Tiles;

    /// <summary>Reduced elements in a part (the last may be shorter).</summary>
    internal readonly int Part;

    /// <summary>Number of parts of each result.</summary>
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

    /// <summary>First result and number of results of a tile.</summary>
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
