using System.Runtime.CompilerServices;
using ILGPU;

namespace SeqCore.Kernels;

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

/// <summary>
/// A thread's 4 x 4 elements of a product, in registers: an array indexed in a loop would be in slow local memory.
/// </summary>
internal struct Tile4x4
{
    internal Float4 R0;
    internal Float4 R1;
    internal Float4 R2;
    internal Float4 R3;

    /// <summary>Rows as columns: registers change names, nothing moves.</summary>
    internal readonly Tile4x4 Transposed
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new()
        {
            R0 = new Float4(R0.X, R1.X, R2.X, R3.X),
            R1 = new Float4(R0.Y, R1.Y, R2.Y, R3.Y),
            R2 = new Float4(R0.Z, R1.Z, R2.Z, R3.Z),
            R3 = new Float4(R0.W, R1.W, R2.W, R3.W),
        };
    }

    /// <summary>
    /// Adds to element (r, c) the product of two rows in shared memory, over as many Float4s: rows left + r leftStep and
    /// right + c rightStep (in Float4s). The steps are constants: beyond a view that starts at the step's four they become part
    /// of the load instruction, while in a sum with an index each would cost two more.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Tile4x4 AddProducts(Tile4x4 tile, ArrayView<Float4> lefts, int left, int leftStep, ArrayView<Float4> rights,
        int right, int rightStep, int float4s)
    {
        for (var k = 0; k < float4s; k++)
        {
            ArrayView<Float4> x = From(lefts, left + k), ys = From(rights, right + k);
            Float4 x0 = x[0], x1 = x[leftStep], x2 = x[2 * leftStep], x3 = x[3 * leftStep];
            var y = ys[0];
            tile.R0.X = Dot(x0, y, tile.R0.X);
            tile.R1.X = Dot(x1, y, tile.R1.X);
            tile.R2.X = Dot(x2, y, tile.R2.X);
            tile.R3.X = Dot(x3, y, tile.R3.X);
            y = ys[rightStep];
            tile.R0.Y = Dot(x0, y, tile.R0.Y);
            tile.R1.Y = Dot(x1, y, tile.R1.Y);
            tile.R2.Y = Dot(x2, y, tile.R2.Y);
            tile.R3.Y = Dot(x3, y, tile.R3.Y);
            y = ys[2 * rightStep];
            tile.R0.Z = Dot(x0, y, tile.R0.Z);
            tile.R1.Z = Dot(x1, y, tile.R1.Z);
            tile.R2.Z = Dot(x2, y, tile.R2.Z);
            tile.R3.Z = Dot(x3, y, tile.R3.Z);
            y = ys[3 * rightStep];
            tile.R0.W = Dot(x0, y, tile.R0.W);
            tile.R1.W = Dot(x1, y, tile.R1.W);
            tile.R2.W = Dot(x2, y, tile.R2.W);
            tile.R3.W = Dot(x3, y, tile.R3.W);
        }

        return tile;
    }

    /// <summary>A view from a place on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ArrayView<Float4> From(ArrayView<Float4> view, int place) => view.SubView(place, view.IntLength - place);

    /// <summary>sum + x y</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float Dot(Float4 x, Float4 y, float sum) => GpuIntrinsics.FusedMultiplyAdd(x.W, y.W,
        GpuIntrinsics.FusedMultiplyAdd(x.Z, y.Z,
            GpuIntrinsics.FusedMultiplyAdd(x.Y, y.Y, GpuIntrinsics.FusedMultiplyAdd(x.X, y.X, sum))));

    /// <summary>sum + w x</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Float4 Add(Float4 sum, float w, Float4 x) => new(
        GpuIntrinsics.FusedMultiplyAdd(w, x.X, sum.X),
        GpuIntrinsics.FusedMultiplyAdd(w, x.Y, sum.Y),
        GpuIntrinsics.FusedMultiplyAdd(w, x.Z, sum.Z),
        GpuIntrinsics.FusedMultiplyAdd(w, x.W, sum.W));

    /// <summary>w x, element by element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Float4 Multiply(Float4 w, Float4 x) => new(w.X * x.X, w.Y * x.Y, w.Z * x.Z, w.W * x.W);

    /// <summary>w x</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Float4 Scale(float w, Float4 x) => new(w * x.X, w * x.Y, w * x.Z, w * x.W);
}
