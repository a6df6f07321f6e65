using System.Runtime.CompilerServices;

namespace SeqCore.Kernels.Attention;

/// <summary>
/// Products of a warp's 16 own rows with 32 rows of a tile, as four products of 16 x 8. Lane 4g + t holds four neighbours,
/// twice, of two rows:
/// <code>
///   row of the tile   4t      4t + 1    4t + 2   4t + 3   |  16 further on
///   own row  g        Left0.X    .Y     Right0.X    .Y    |  Left1.X  .Y  Right1.X  .Y
///            g + 8    Left0.Z    .W     Right0.Z    .W    |  Left1.Z  .W  Right1.Z  .W
/// </code>
/// </summary>
internal struct AttentionTensorCoreScores
{
    internal Float4 Left0;
    internal Float4 Right0;
    internal Float4 Left1;
    internal Float4 Right1;

    /// <summary>Own row g, tile rows 4t to 4t + 3.</summary>
    internal readonly Float4 Upper0 => new(Left0.X, Left0.Y, Right0.X, Right0.Y);

    /// <summary>Own row g, tile rows 16 + 4t to 16 + 4t + 3.</summary>
    internal readonly Float4 Upper1 => new(Left1.X, Left1.Y, Right1.X, Right1.Y);

    /// <summary>Own row g + 8, tile rows 4t to 4t + 3.</summary>
    internal readonly Float4 Lower0 => new(Left0.Z, Left0.W, Right0.Z, Right0.W);

    /// <summary>Own row g + 8, tile rows 16 + 4t to 16 + 4t + 3.</summary>
    internal readonly Float4 Lower1 => new(Left1.Z, Left1.W, Right1.Z, Right1.W);
}

/// <summary>
/// What a lane sums up of its own rows: 16 x 64 elements, as eight products of 16 x 8.
/// <code>
///   element           8t to 8t + 3          8t + 4 to 8t + 7     |  High: 32 further on
///   own row  g        R0.X R1.X R2.X R3.X   R0.Y R1.Y R2.Y R3.Y  |
///            g + 8    R0.Z R1.Z R2.Z R3.Z   R0.W R1.W R2.W R3.W  |
/// </code>
/// Transposed, a tile's rows are Float4s of neighbours: two of row g, two of row g + 8.
/// </summary>
internal struct AttentionTensorCoreSums
{
    internal Tile4x4 Low;
    internal Tile4x4 High;

    /// <summary>Multiplies row g and row g + 8.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Scale<TWidth>(float upper, float lower) where TWidth : struct, IHeadWidth
    {
        var factors = new Float4(upper, upper, lower, lower);
        Low = Scale(Low, factors);
        if (TWidth.Width > 32)
            High = Scale(High, factors);
    }

    /// <summary>Sets row g, row g + 8 or both to 0, whatever they hold.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Clear<TWidth>(bool upper, bool lower) where TWidth : struct, IHeadWidth
    {
        Low = Clear(Low, upper, lower);
        if (TWidth.Width > 32)
            High = Clear(High, upper, lower);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Tile4x4 Clear(Tile4x4 tile, bool upper, bool lower) => new()
    {
        R0 = Clear(tile.R0, upper, lower),
        R1 = Clear(tile.R1, upper, lower),
        R2 = Clear(tile.R2, upper, lower),
        R3 = Clear(tile.R3, upper, lower),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Float4 Clear(Float4 x, bool upper, bool lower) =>
        new(upper ? 0f : x.X, upper ? 0f : x.Y, lower ? 0f : x.Z, lower ? 0f : x.W);

    /// <summary>factors x + y, where a row is what a lane holds of eight columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Tile4x4 ScaleAndAdd(Float4 factors, Tile4x4 x, Tile4x4 y) => new()
    {
        R0 = Float4.MultiplyAdd(factors, x.R0, y.R0),
        R1 = Float4.MultiplyAdd(factors, x.R1, y.R1),
        R2 = Float4.MultiplyAdd(factors, x.R2, y.R2),
        R3 = Float4.MultiplyAdd(factors, x.R3, y.R3),
    };

    /// <summary>What <see cref="Store{TWidth}"/> writes; 0 for rows that are not wanted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static AttentionTensorCoreSums Load<TWidth>(HeadsGpu from, int head, int row, int lane, int size, bool upper,
        bool lower)
        where TWidth : struct, IHeadWidth
    {
        int at = head + (row * from.StepStride), below = at + (8 * from.StepStride), column = 8 * TensorCoreFragment.Member(lane),
            low = upper ? size : 0, high = lower ? size : 0;
        var sums = default(AttentionTensorCoreSums);
        sums.Low = new Tile4x4
        {
            R0 = Load(from, at, column, low),
            R1 = Load(from, at, column + 4, low),
            R2 = Load(from, below, column, high),
            R3 = Load(from, below, column + 4, high),
        }.Transposed;
        column += 32;
        if (TWidth.Width > 32)
        {
            sums.High = new Tile4x4
            {
                R0 = Load(from, at, column, low),
                R1 = Load(from, at, column + 4, low),
                R2 = Load(from, below, column, high),
                R3 = Load(from, below, column + 4, high),
            }.Transposed;
        }

        return sums;
    }

    /// <summary>Writes rows row (g) and row + 8, as far as they are before the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly void Store<TWidth>(HeadsGpu to, int head, int row, int lane, int size, int end)
        where TWidth : struct, IHeadWidth
    {
        int at = head + (row * to.StepStride), column = 8 * TensorCoreFragment.Member(lane), upper = row < end ? size : 0,
            lower = row + 8 < end ? size : 0;
        Store(Low.Transposed, to, at, column, upper, lower);
        if (TWidth.Width > 32)
            Store(High.Transposed, to, at, column + 32, upper, lower);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Tile4x4 Scale(Tile4x4 tile, Float4 factors) => new()
    {
        R0 = Float4.Multiply(factors, tile.R0),
        R1 = Float4.Multiply(factors, tile.R1),
        R2 = Float4.Multiply(factors, tile.R2),
        R3 = Float4.Multiply(factors, tile.R3),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Float4 Load(HeadsGpu from, int at, int column, int size) =>
        column < size ? Float4.Cast(from.Data)[(at + column) >> 2] : default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Tile4x4 rows, HeadsGpu to, int at, int column, int upper, int lower)
    {
        var below = at + (8 * to.StepStride);
        Store(to, at, column, upper, rows.R0);
        Store(to, at, column + 4, upper, rows.R1);
        Store(to, below, column, lower, rows.R2);
        Store(to, below, column + 4, lower, rows.R3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(HeadsGpu to, int at, int column, int size, Float4 value)
    {
        if (column < size)
            Float4.Cast(to.Data)[(at + column) >> 2] = value;
    }
}
