using System.Runtime.CompilerServices;
using ILGPU;

namespace SeqCore.Kernels;

/// <summary>
/// A thread's 4 x 4 elements of a product, in registers: an array indexed in a loop would be in slow local memory.
/// </summary>
internal struct Tile4x4
{
    internal Float4 R0;
    internal Float4 R1;
    internal Float4 R2;
    internal Float4 R3;

    /// <summary>The transposed tile: registers are renamed, and nothing is moved.</summary>
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
    /// Adds to element (r, c) the dot product of two rows in shared memory, over the given number of Float4s: rows left + r
    /// leftStep and right + c rightStep (in Float4s). The steps are constants: relative to a view that starts at the current
    /// Float4 they become part of the load instruction, while in a sum with an index each would cost two more instructions.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Tile4x4 AddProducts(Tile4x4 tile, ArrayView<Float4> lefts, int left, int leftStep, ArrayView<Float4> rights,
        int right, int rightStep, int float4s)
    {
        for (var k = 0; k < float4s; k++)
        {
            ArrayView<Float4> x = Float4.From(lefts, left + k), ys = Float4.From(rights, right + k);
            Float4 x0 = x[0], x1 = x[leftStep], x2 = x[2 * leftStep], x3 = x[3 * leftStep];
            var y = ys[0];
            tile.R0.X = Float4.Dot(x0, y, tile.R0.X);
            tile.R1.X = Float4.Dot(x1, y, tile.R1.X);
            tile.R2.X = Float4.Dot(x2, y, tile.R2.X);
            tile.R3.X = Float4.Dot(x3, y, tile.R3.X);
            y = ys[rightStep];
            tile.R0.Y = Float4.Dot(x0, y, tile.R0.Y);
            tile.R1.Y = Float4.Dot(x1, y, tile.R1.Y);
            tile.R2.Y = Float4.Dot(x2, y, tile.R2.Y);
            tile.R3.Y = Float4.Dot(x3, y, tile.R3.Y);
            y = ys[2 * rightStep];
            tile.R0.Z = Float4.Dot(x0, y, tile.R0.Z);
            tile.R1.Z = Float4.Dot(x1, y, tile.R1.Z);
            tile.R2.Z = Float4.Dot(x2, y, tile.R2.Z);
            tile.R3.Z = Float4.Dot(x3, y, tile.R3.Z);
            y = ys[3 * rightStep];
            tile.R0.W = Float4.Dot(x0, y, tile.R0.W);
            tile.R1.W = Float4.Dot(x1, y, tile.R1.W);
            tile.R2.W = Float4.Dot(x2, y, tile.R2.W);
            tile.R3.W = Float4.Dot(x3, y, tile.R3.W);
        }

        return tile;
    }

    /// <summary>Adds the outer product of four elements of a column and four of a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Add(Float4 column, Float4 row)
    {
        R0 = Float4.MultiplyAdd(column.X, row, R0);
        R1 = Float4.MultiplyAdd(column.Y, row, R1);
        R2 = Float4.MultiplyAdd(column.Z, row, R2);
        R3 = Float4.MultiplyAdd(column.W, row, R3);
    }

    /// <summary>Returns a row, selected by comparisons, because registers have no index.</summary>
    internal readonly Float4 Row(int row) =>
        Float4.Choose(row < 2, Float4.Choose(row == 0, R0, R1), Float4.Choose(row == 2, R2, R3));

    /// <summary>Returns x or y, chosen for each register.</summary>
    internal static Tile4x4 Choose(bool first, in Tile4x4 x, in Tile4x4 y) => new()
    {
        R0 = Float4.Choose(first, x.R0, y.R0),
        R1 = Float4.Choose(first, x.R1, y.R1),
        R2 = Float4.Choose(first, x.R2, y.R2),
        R3 = Float4.Choose(first, x.R3, y.R3),
    };
}
