using SeqCore.Kernels;

namespace SeqCore.Benchmarks;

/// <summary>Sums and products up to each element.</summary>
internal static class CumulativeCases
{
    internal static IEnumerable<KernelCase> Create() =>
    [
        .. new[] { (37, 101, false), (2, 1300, false), (4096, 4096, true), (1, 1 << 24, true) }
            .SelectMany<(int Rows, int Columns, bool IsLarge), KernelCase>(s =>
            [
                Cumulative(s.Rows, s.Columns, s.IsLarge, multiplies: false),
                Cumulative(s.Rows, s.Columns, s.IsLarge, multiplies: true),
                CumulativeGradient(s.Rows, s.Columns, s.IsLarge),
            ]),
    ];

    private static KernelCase Cumulative(int rows, int columns, bool large, bool multiplies)
    {
        // A sum carries its rounding errors along.
        var bound = multiplies ? Bounds.Sum(columns) : Bounds.Elementwise;
        return new(multiplies ? "CumulativeProduct" : "CumulativeSum", Layouts.Sizes(rows, columns), bound, o =>
        {
            var (x, y) = (Factors(o, rows, columns), o.Result(rows * columns));
            return multiplies
                ? () => o.Backend.CumulativeProduct(x, y, rows, columns)
                : () => o.Backend.CumulativeSum(x, y, rows, columns);
        })
        { Bytes = Layouts.Floats(2.0 * rows * columns), IsLarge = large };
    }

    private static KernelCase CumulativeGradient(int rows, int columns, bool large) =>
        new("CumulativeProductGradient", Layouts.Sizes(rows, columns), Bounds.Sum(columns), o =>
        {
            var (x, dY, dX) = (Factors(o, rows, columns), o.Uniform(rows * columns, 0f, 1f), o.Result(rows * columns));
            return () => o.Backend.CumulativeProductGradient(x, dY, dX, rows, columns);
        })
        { Bytes = Layouts.Floats(3.0 * rows * columns), IsLarge = large };

    /// <summary>Factors so near 1 that products stay within the range of floats.</summary>
    private static DeviceSpan<float> Factors(KernelOperands operands, int rows, int columns) =>
        operands.Uniform(rows * columns, 1f - 1f / MathF.Sqrt(columns), 1f + 1f / MathF.Sqrt(columns));
}
