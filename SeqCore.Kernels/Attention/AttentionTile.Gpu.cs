using System.Runtime.CompilerServices;

namespace SeqCore.Kernels.Attention;

/// <summary>How many elements of a head a kernel holds at once. Longer heads are cut into slices of this width.</summary>
internal interface IHeadWidth
{
    static abstract int Width { get; }
}

/// <summary>Heads of up to 32 elements.</summary>
internal readonly struct HeadWidth32 : IHeadWidth
{
    public static int Width => 32;
}

/// <summary>Heads of 33 to 64 elements, and longer ones slice by slice.</summary>
internal readonly struct HeadWidth64 : IHeadWidth
{
    public static int Width => 64;
}

/// <summary>
/// Where a thread stands in a grid of 8 columns; a warp takes four rows of it. Lanes are numbered so that neighbours 1 apart are
/// in one column, and those 2 apart in one row:
/// <code>
///   lanes    column 0   1   2   3   4   5   6   7
///   row 0:          0   8   2  10   4  12   6  14
///   row 1:          1   9   3  11   5  13   7  15
///   row 2:         16  24  18  26  20  28  22  30
///   row 3:         17  25  19  27  21  29  23  31
/// </code>
/// Where neighbours agree in this way, a load of 16 bytes a lane takes 2 cycles of shared memory instead of 4, whether its place
/// follows from the row or from the column. Eight lanes that are served together stand in every other column of two rows: with
/// rows of nine Float4s, stores hit each bank once.
/// </summary>
internal static class AttentionGrid
{
    internal const int Columns = 8;

    /// <summary>How far apart the lanes of a row are: their numbers differ in the bits 1 to 3.</summary>
    internal const int Apart = 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Row(int thread) => ((thread >> 5) << 2) | ((thread >> 3) & 2) | (thread & 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Column(int thread) => (thread & 6) | ((thread >> 3) & 1);
}
