namespace SeqCore.Kernels.MatMul;

/// <summary>
/// Chooses the kernel that computes a product on a GPU. The choice depends on sizes, layouts and the device, never on values, and
/// so do the bits.
/// </summary>
/// <param name="Side">The side of the tiles of C; 0 for a thin product.</param>
/// <param name="Splits">The number of parts into which each sum is split, so that more groups share the work.</param>
/// <param name="Precision">The precision; tensor cores are used unless it is float32.</param>
internal readonly record struct MatMulPlan(int Side, int Splits, MatMulPrecision Precision = MatMulPrecision.Float32)
{
    /// <summary>
    /// The number of rows or columns up to which a product is thin, so that its time is that of reading the other operand.
    /// </summary>
    private const int ThinRows = 4;

    private const int MostSplits = 64;

    /// <summary>The smallest number of terms that a part of a sum should have.</summary>
    private const int LeastPart = 128;

    internal bool IsThin => Side == 0;

    /// <summary>Returns the number of terms of a part, a multiple of 8.</summary>
    internal int PartK(int k) => (((k + Splits - 1) / Splits) + 7) / 8 * 8;

    /// <summary>
    /// The tiles with the warps of their groups, and the part of 128 multiply-adds per cycle that many of them reach.
    /// </summary>
    private static readonly (int Side, int Warps, double Efficiency, MatMulPrecision Precision)[] Tiles =
    [
        (128, 8, 1.0, MatMulPrecision.Float32), (64, 4, 0.75, MatMulPrecision.Float32), (32, 2, 0.4, MatMulPrecision.Float32),
        (TensorCoreTile.Side, 4, 4.0 / 3, MatMulPrecision.Tf32x3), (TensorCoreTile.Side, 4, 4.0, MatMulPrecision.Tf32),
    ];

    /// <param name="m">The number of rows of C, positive.</param>
    /// <param name="n">The number of columns of C, positive.</param>
    /// <param name="k">The number of terms of a sum.</param>
    /// <param name="batch">The number of products, positive.</param>
    /// <param name="multiprocessors">The number of multiprocessors of the device.</param>
    /// <param name="precision">The precision of tensor cores, if they may be used.</param>
    /// <param name="dots">Whether the wide side of a thin product runs along k.</param>
    internal static MatMulPlan Choose(int m, int n, int k, int batch, int multiprocessors,
        MatMulPrecision precision = MatMulPrecision.Float32, bool dots = false)
    {
        if (Math.Min(m, n) <= ThinRows)
        {
            // Dot products read 16 bytes per thread in groups of 8 rows, sums 4 bytes in groups of 32 columns: about 3 and 8
            // groups per multiprocessor keep the memory busy.
            var groups = (long)batch * ((Math.Max(m, n) + (dots ? 7 : 31)) / (dots ? 8 : 32));
            return new MatMulPlan(0, SplitsFor((dots ? 3L : 8L) * multiprocessors / groups, k, (long)m * n * batch));
        }

        var best = default(MatMulPlan);
        var least = double.PositiveInfinity;
        foreach (var (side, warps, efficiency, form) in Tiles)
        {
            if (form != MatMulPrecision.Float32 && form != precision)
                continue;
            var tiles = (long)batch * ((m + side - 1) / side) * ((n + side - 1) / side);
            for (var wanted = 1; wanted == 1 || (wanted <= MostSplits && tiles < 2 * multiprocessors); wanted *= 2)
            {
                var splits = SplitsFor(wanted, k, (long)m * n * batch);
                var cost = Cycles(tiles * splits, side, warps, efficiency, (k / splits) + 16, multiprocessors);
                if (splits > 1)
                    cost += SumCycles((long)m * n * batch, splits, multiprocessors);
                if (cost < least)
                    (best, least) = (new MatMulPlan(side, splits, form), cost);
            }
        }

        return best;
    }

    private static int SplitsFor(long wanted, int k, long elements)
    {
        var most = Math.Min(MostSplits, Math.Min(k / LeastPart, int.MaxValue / 4 / Math.Max(1, elements)));
        return (int)Math.Max(1, Math.Min(wanted, most));
    }

    /// <summary>
    /// Estimates the cycles of the busiest multiprocessor, which does at most 128 multiply-adds per cycle: fewer with small
    /// tiles, whose operands are read more often, and fewer with few warps, which cannot hide each other's latencies.
    /// </summary>
    private static double Cycles(long groups, int side, int warps, double efficiency, int terms, int multiprocessors)
    {
        var each = (groups + multiprocessors - 1) / multiprocessors;
        var atOnce = Math.Min(each * warps, 16.0);
        return each * (double)side * side * terms / (128 * efficiency * atOnce / (atOnce + 3));
    }

    /// <summary>
    /// Estimates the cycles to write and read the parts, at about 4 floats per cycle and multiprocessor, and to start another
    /// kernel.
    /// </summary>
    private static double SumCycles(long elements, int splits, int multiprocessors) =>
        (2.0 * splits * elements / (4 * multiprocessors)) + 3000;
}
