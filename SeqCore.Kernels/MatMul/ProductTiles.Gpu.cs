using ILGPU;

namespace SeqCore.Kernels.MatMul;

/// <summary>
/// The sums of one thread in a square tile of C. The group of the tile has two threads for each of its rows. A warp computes a
/// part of the tile, in which its 32 lanes are arranged as 4 rows by 8 columns of threads, each with blocks of 4 x 4 elements.
/// Lanes are numbered so that neighbours 1 apart read the same Float4 of B, and those 2 apart the same Float4 of A:
/// <code>
///   lanes    column 0   1   2   3   4   5   6   7        (each: four columns of C)
///   row 0:          0   2   4   6   8  10  12  14
///   row 1:          1   3   5   7   9  11  13  15
///   row 2:         16  18  20  22  24  26  28  30
///   row 3:         17  19  21  23  25  27  29  31        (each: four rows of C)
/// </code>
/// A load of 16 bytes per lane is served for 8 lanes at a time, or for 16 lanes if neighbours agree in this way, so both operands
/// take 2 cycles of shared memory instead of 4.
/// </summary>
internal interface IProductTile
{
    /// <summary>The number of rows and of columns of the group's tile of C.</summary>
    static abstract int Side { get; }

    /// <summary>The number of groups that a multiprocessor should hold at once.</summary>
    static abstract int Groups { get; }

    /// <summary>The number of 4 x 4 blocks of a thread.</summary>
    static abstract int Blocks { get; }

    /// <summary>Returns the first row, within the tile, of a thread's first block.</summary>
    static abstract int Row(int thread);

    /// <summary>Returns the first column, within the tile, of a thread's first block.</summary>
    static abstract int Column(int thread);

    /// <summary>Returns the number of rows from a thread's first block to another of its blocks.</summary>
    static abstract int BlockRow(int block);

    /// <summary>Returns the number of columns from a thread's first block to another of its blocks.</summary>
    static abstract int BlockColumn(int block);

    /// <summary>Returns one of the blocks.</summary>
    Tile4x4 Block(int block);

    /// <summary>Adds the outer product of a column of A's tile and a row of B's.</summary>
    /// <param name="a">The column, from the thread's first row on.</param>
    /// <param name="b">The row, from the thread's first column on.</param>
    /// <param name="at">The first Float4 of each.</param>
    void Add(ArrayView<Float4> a, ArrayView<Float4> b, int at);
}

/// <summary>The position of a lane among the 4 x 8 threads of a warp; see <see cref="IProductTile"/>.</summary>
internal static class WarpGrid
{
    internal static int Row(int lane) => (lane & 1) | ((lane >> 4) << 1);

    internal static int Column(int lane) => (lane >> 1) & 7;
}

/// <summary>
/// A tile of 128 x 128 by 256 threads with 8 x 8 elements each, at which the arithmetic hides the loads from shared memory: four
/// loads of a Float4 for 64 multiply-adds. Eight warps of 32 x 64 are arranged as 4 x 2; a thread's blocks are half the warp's
/// part apart:
/// <code>
///   warp's part, 32 x 64:     columns  4c      32 + 4c
///             rows      4r            [0]       [1]
///                  16 + 4r            [2]       [3]
/// </code>
/// </summary>
internal struct LargeTile : IProductTile
{
    private Tile4x4 block0;
    private Tile4x4 block1;
    private Tile4x4 block2;
    private Tile4x4 block3;

    public static int Side => 128;

    public static int Groups => 2;

    public static int Blocks => 4;

    public static int Row(int thread) => ((thread >> 6) * 32) + (WarpGrid.Row(thread & 31) * 4);

    public static int Column(int thread) => (((thread >> 5) & 1) * 64) + (WarpGrid.Column(thread & 31) * 4);

    public static int BlockRow(int block) => (block >> 1) * 16;

    public static int BlockColumn(int block) => (block & 1) * 32;

    public readonly Tile4x4 Block(int block) =>
        Tile4x4.Choose(block < 2, Tile4x4.Choose(block == 0, block0, block1), Tile4x4.Choose(block == 2, block2, block3));

    public void Add(ArrayView<Float4> a, ArrayView<Float4> b, int at)
    {
        Float4 a0 = a[at], b0 = b[at], b1 = b[at + 8], a1 = a[at + 4];
        block0.Add(a0, b0);
        block1.Add(a0, b1);
        block2.Add(a1, b0);
        block3.Add(a1, b1);
    }
}

/// <summary>
/// A tile of 64 x 64 by 128 threads with 8 x 4 elements each, for products whose tiles of 128 x 128 would leave multiprocessors
/// idle. Four warps of 32 x 32 are arranged as 2 x 2; a thread's two blocks are 16 rows apart.
/// </summary>
internal struct MediumTile : IProductTile
{
    private Tile4x4 block0;
    private Tile4x4 block1;

    public static int Side => 64;

    public static int Groups => 4;

    public static int Blocks => 2;

    public static int Row(int thread) => ((thread >> 6) * 32) + (WarpGrid.Row(thread & 31) * 4);

    public static int Column(int thread) => (((thread >> 5) & 1) * 32) + (WarpGrid.Column(thread & 31) * 4);

    public static int BlockRow(int block) => block * 16;

    public static int BlockColumn(int block) => 0;

    public readonly Tile4x4 Block(int block) => Tile4x4.Choose(block == 0, block0, block1);

    public void Add(ArrayView<Float4> a, ArrayView<Float4> b, int at)
    {
        Float4 a0 = a[at], b0 = b[at], a1 = a[at + 4];
        block0.Add(a0, b0);
        block1.Add(a1, b0);
    }
}

/// <summary>
/// A tile of 32 x 32 by 64 threads with 4 x 4 elements each, for small or narrow products. Two warps of 16 x 32 are one above the
/// other.
/// </summary>
internal struct SmallTile : IProductTile
{
    private Tile4x4 block0;

    public static int Side => 32;

    public static int Groups => 8;

    public static int Blocks => 1;

    public static int Row(int thread) => ((thread >> 5) * 16) + (WarpGrid.Row(thread & 31) * 4);

    public static int Column(int thread) => WarpGrid.Column(thread & 31) * 4;

    public static int BlockRow(int block) => 0;

    public static int BlockColumn(int block) => 0;

    public readonly Tile4x4 Block(int block) => block0;

    public void Add(ArrayView<Float4> a, ArrayView<Float4> b, int at) => block0.Add(a[at], b[at]);
}
