using ILGPU;

namespace SeqCore.Kernels.MatMul;

/// <summary>The constants of tiled products.</summary>
internal static class ProductTile
{
    /// <summary>The number of terms of a sum that are in shared memory at once.</summary>
    internal const int Depth = 8;

    /// <summary>
    /// The number of rows of tiles in a band; tiles are computed column by column within a band, so that concurrent tiles share
    /// their operands in the cache.
    /// </summary>
    internal const int Band = 8;
}

/// <summary>
/// The general product: one group for each tile of C. The group walks along K in steps of eight terms; while it multiplies the
/// terms in one half of its shared memory, the next ones are loaded into registers and then stored in the other half.
/// <code>
///                       columns of C
///      K           +---+-------+---+
///  +---+----+      |   | 8 x S |   |  B     step s:  load s + 1  (registers)
///  |   |    |      +---+-------+---+                 multiply s  (shared, half s mod 2)
///  | S x 8  |  rows    | S x S |                     put s + 1   (shared, half s + 1 mod 2)
///  |   |    |  of C    | tile  |                     barrier
///  +---+----+          +-------+
///      A
/// </code>
/// Each term is an outer product: a thread reads its rows of A's column and its columns of B's row, four at a time, and adds all
/// their products to sums in its registers (<see cref="IProductTile"/> shows their arrangement).
/// </summary>
/// <typeparam name="TTile">The tile of C and the threads' parts in it.</typeparam>
/// <typeparam name="TA">How A is loaded.</typeparam>
/// <typeparam name="TB">How B is loaded.</typeparam>
internal struct TiledProductKernel<TTile, TA, TB> : IFloat4Kernel
    where TTile : struct, IProductTile
    where TA : struct, IOperandLoader
    where TB : struct, IOperandLoader
{
    internal ProductOperand A;
    internal ProductOperand B;
    internal ProductOutput C;
    internal ProductGrid Groups;

    public static int GroupSize => 2 * TTile.Side;

    public static int GroupsPerMultiprocessor => TTile.Groups;

    public readonly void Run<TAccess>() where TAccess : struct, IFloat4Access
    {
        var pitch = TTile.Side + 4;
        var stages = 2 * ProductTile.Depth * pitch;
        var sharedA = SharedMemory.Allocate<Float4>(2 * ProductTile.Depth * (TTile.Side + 4) / 4);
        var sharedB = SharedMemory.Allocate<Float4>(2 * ProductTile.Depth * (TTile.Side + 4) / 4);
        ArrayView<float> singlesA = sharedA.Cast<float>(), singlesB = sharedB.Cast<float>();
        var place = Groups.Find(Grid.IdxX, TTile.Side);
        var loadA = default(TA);
        var loadB = default(TB);
        loadA.Start(A, place.Batch, place.Row, place.FirstK, TTile.Side);
        loadB.Start(B, place.Batch, place.Column, place.FirstK, TTile.Side);
        loadA.Put(sharedA, singlesA, 0, loadA.Load(A, place.FirstK, place.EndK), TTile.Side);
        loadB.Put(sharedB, singlesB, 0, loadB.Load(B, place.FirstK, place.EndK), TTile.Side);
        Group.Barrier();

        var tile = default(TTile);
        int row = TTile.Row(Group.IdxX), column = TTile.Column(Group.IdxX), stage = 0;
        for (var k = place.FirstK + ProductTile.Depth; k < place.EndK + ProductTile.Depth; k += ProductTile.Depth)
        {
            var nextA = loadA.Load(A, k, place.EndK);
            var nextB = loadB.Load(B, k, place.EndK);
            var a = sharedA.SubView((stage + row) >> 2);
            var b = sharedB.SubView((stage + column) >> 2);
            tile.Add(a, b, 0);
            tile.Add(a, b, pitch / 4);
            tile.Add(a, b, pitch / 4 * 2);
            tile.Add(a, b, pitch / 4 * 3);
            tile.Add(a, b, pitch / 4 * 4);
            tile.Add(a, b, pitch / 4 * 5);
            tile.Add(a, b, pitch / 4 * 6);
            tile.Add(a, b, pitch / 4 * 7);
            stage = (stages / 2) - stage;
            loadA.Put(sharedA, singlesA, stage, nextA, TTile.Side);
            loadB.Put(sharedB, singlesB, stage, nextB, TTile.Side);
            Group.Barrier();
        }

        var start = C.Start(place.Batch, place.Split);
        for (var i = 0; i < TTile.Blocks; i++)
        {
            var block = tile.Block(i);
            for (var r = 0; r < 4; r++)
            {
                C.Store<TAccess>(start, place.Row + row + TTile.BlockRow(i) + r,
                    place.Column + column + TTile.BlockColumn(i), block.Row(r));
            }
        }
    }
}

/// <summary>
/// The order of the groups of a tiled product: the tiles of a matrix, then the batch, then the parts of a split sum.
/// </summary>
internal struct ProductGrid
{
    internal int TileRows;
    internal int TileColumns;
    internal int Batch;
    internal int K;

    /// <summary>The number of terms of a part, a multiple of <see cref="ProductTile.Depth"/>.</summary>
    internal int PartK;

    /// <summary>The work of a group.</summary>
    internal struct Place
    {
        internal int Row;
        internal int Column;
        internal int Batch;
        internal int Split;
        internal int FirstK;
        internal int EndK;
    }

    internal readonly Place Find(int group, int side)
    {
        var tiles = TileRows * TileColumns;
        int tile = group % tiles, matrix = group / tiles;
        var band = tile / (ProductTile.Band * TileColumns);
        var within = tile - (band * ProductTile.Band * TileColumns);
        var high = IntrinsicMath.Min(ProductTile.Band, TileRows - (band * ProductTile.Band));
        var split = matrix / Batch;
        return new Place
        {
            Row = ((band * ProductTile.Band) + (within % high)) * side,
            Column = within / high * side,
            Batch = matrix % Batch,
            Split = split,
            FirstK = split * PartK,
            EndK = IntrinsicMath.Min(K, (split + 1) * PartK),
        };
    }
}
