using System.Runtime.CompilerServices;

namespace SeqCore.Kernels.MatMul;

/// <summary>
/// 16 terms of 16 rows of A in the registers of a warp. The order of a sum is arbitrary, so the terms of two mma.m16n8k8 are
/// assigned such that a lane (4g + t, see <see cref="TensorCoreFragment"/>) has four neighbours of each of its rows, and of its
/// column of B:
/// <code>
///   term         4t     4t + 1   4t + 2   4t + 3
///   row  g       upper.X     .Y       .Z       .W      column g of B:  x  y  z  w
///        g + 8   lower.X     .Y       .Z       .W
///                ---- first ---   --- second ---
/// </code>
/// Two neighbours are elements t and t + 4 of the instruction's eight terms; so C's columns 2t and 2t + 1, which a lane holds,
/// are terms of a second product without any exchange.
/// </summary>
internal struct TensorCoreTerms<TRounding> where TRounding : struct, ITensorCoreRounding
{
    private Int4 firstHigh;
    private Int4 firstLow;
    private Int4 secondHigh;
    private Int4 secondLow;

    /// <summary>Terms 4t to 4t + 3 of rows g (upper) and g + 8 (lower).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TensorCoreTerms<TRounding> Of(Float4 upper, Float4 lower)
    {
        var terms = default(TensorCoreTerms<TRounding>);
        Round(upper.X, lower.X, upper.Y, lower.Y, out terms.firstHigh, out terms.firstLow);
        Round(upper.Z, lower.Z, upper.W, lower.W, out terms.secondHigh, out terms.secondLow);
        return terms;
    }

    /// <summary>
    /// Adds to 16 x 32 sums, a row of the tile for each eight columns, the products with the lane's terms 4t (x) and 4t + 1 (y)
    /// of four columns.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly Tile4x4 AddFirst(Tile4x4 sums, Float4 x, Float4 y) => TRounding.Add(firstHigh, firstLow, x, y, sums);

    /// <summary>Adds the products with the lane's terms 4t + 2 (z) and 4t + 3 (w).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly Tile4x4 AddSecond(Tile4x4 sums, Float4 z, Float4 w) => TRounding.Add(secondHigh, secondLow, z, w, sums);

    // In the order a0 to a3 of TensorCoreFragment.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(float a0, float a1, float a2, float a3, out Int4 high, out Int4 low)
    {
        TensorCoreFactor f0 = TRounding.Round(a0), f1 = TRounding.Round(a1), f2 = TRounding.Round(a2), f3 = TRounding.Round(a3);
        high = new Int4(f0.High, f1.High, f2.High, f3.High);
        low = new Int4(f0.Low, f1.Low, f2.Low, f3.Low);
    }
}
