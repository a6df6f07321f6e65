namespace SeqCore.Benchmarks;

/// <summary>Layer and RMS norm, alone and with a residual.</summary>
internal static class NormCases
{
    private const float Epsilon = 1e-5f;

    private static readonly (int Rows, int Columns, bool IsLarge)[] Sizes =
        [(37, 101, false), (5, 3, false), (33, 768, false), (4096, 1024, true), (32768, 1024, true)];

    internal static IEnumerable<KernelCase> Create() => Sizes.SelectMany(s => Of(s.Rows, s.Columns, s.IsLarge));

    private static KernelCase[] Of(int rows, int columns, bool large)
    {
        var count = rows * columns;
        return
        [
            Case("LayerNorm", "", columns, 2, o =>
            {
                var (x, weight, bias, y) = (o.Normal(count), o.Normal(columns), o.Normal(columns), o.Result(count));
                var (mean, rstd) = (o.Result(rows), o.Result(rows));
                return () => o.Backend.LayerNorm(new()
                {
                    X = x, Weight = weight, Bias = bias, Y = y, Mean = mean, Rstd = rstd, Rows = rows,
                    Columns = columns, Epsilon = Epsilon,
                });
            }),
            Case("LayerNorm", ", residual", columns, 4, o =>
            {
                var (x, weight, bias, y) = (o.Normal(count), o.Normal(columns), o.Normal(columns), o.Result(count));
                var (mean, rstd, residual, sum) = (o.Result(rows), o.Result(rows), o.Normal(count), o.Result(count));
                return () => o.Backend.LayerNorm(new()
                {
                    X = x, Weight = weight, Bias = bias, Y = y, Mean = mean, Rstd = rstd, Rows = rows,
                    Columns = columns, Epsilon = Epsilon, Residual = residual, Sum = sum,
                });
            }),
            Case("LayerNormGradient", "", rows, 3, o =>
            {
                var (x, weight, dY, dX) = (o.Normal(count), o.Normal(columns), o.Normal(count), o.Result(count));
                var (y, mean, rstd, dWeight, dBias) = (o.Scratch(count), o.Scratch(rows), o.Scratch(rows),
                    o.Result(columns), o.Result(columns));
                o.Backend.LayerNorm(new()
                {
                    X = x, Weight = weight, Y = y, Mean = mean, Rstd = rstd, Rows = rows, Columns = columns,
                    Epsilon = Epsilon,
                });
                return () => o.Backend.LayerNormGradient(new()
                {
                    X = x, Weight = weight, Mean = mean, Rstd = rstd, DY = dY, DX = dX, DWeight = dWeight,
                    DBias = dBias, Rows = rows, Columns = columns,
                });
            }),
            Case("LayerNormGradient", ", residual", rows, 4, o =>
            {
                var (x, weight, dY, dSum, dX) = (o.Normal(count), o.Normal(columns), o.Normal(count),
                    o.Normal(count), o.Result(count));
                var (y, mean, rstd, dWeight, dBias) = (o.Scratch(count), o.Scratch(rows), o.Scratch(rows),
                    o.Result(columns), o.Result(columns));
                o.Backend.LayerNorm(new()
                {
                    X = x, Weight = weight, Y = y, Mean = mean, Rstd = rstd, Rows = rows, Columns = columns,
                    Epsilon = Epsilon,
                });
                return () => o.Backend.LayerNormGradient(new()
                {
                    X = x, Weight = weight, Mean = mean, Rstd = rstd, DY = dY, DX = dX, DWeight = dWeight,
                    DBias = dBias, Rows = rows, Columns = columns, DSum = dSum,
                });
            }),
            Case("RmsNorm", "", columns, 2, o =>
            {
                var (x, weight, y, rstd) = (o.Normal(count), o.Normal(columns), o.Result(count), o.Result(rows));
                return () => o.Backend.RmsNorm(new()
                {
                    X = x, Weight = weight, Y = y, Rstd = rstd, Rows = rows, Columns = columns, Epsilon = Epsilon,
                });
            }),
            Case("RmsNorm", ", residual", columns, 4, o =>
            {
                var (x, weight, y, rstd, residual, sum) = (o.Normal(count), o.Normal(columns), o.Result(count), o.Result(rows),
                    o.Normal(count), o.Result(count));
                return () => o.Backend.RmsNorm(new()
                {
                    X = x, Weight = weight, Y = y, Rstd = rstd, Rows = rows, Columns = columns, Epsilon = Epsilon,
                    Residual = residual, Sum = sum,
                });
            }),
            Case("RmsNormGradient", "", rows, 3, o =>
            {
                var (x, weight, dY, dX) = (o.Normal(count), o.Normal(columns), o.Normal(count), o.Result(count));
                var (y, rstd, dWeight) = (o.Scratch(count), o.Scratch(rows), o.Result(columns));
                o.Backend.RmsNorm(new()
                {
                    X = x, Weight = weight, Y = y, Rstd = rstd, Rows = rows, Columns = columns, Epsilon = Epsilon,
                });
                return () => o.Backend.RmsNormGradient(new()
                {
                    X = x, Weight = weight, Rstd = rstd, DY = dY, DX = dX, DWeight = dWeight, Rows = rows,
                    Columns = columns,
                });
            }),
        ];

        KernelCase Case(string operation, string variant, int terms, int passes, Func<KernelOperands, Action> prepare) =>
            new(operation, Layouts.Sizes(rows, columns) + variant, Bounds.Sum(Math.Max(terms, columns)), prepare)
            {
                Bytes = Layouts.Floats((double)passes * count),
                IsLarge = large,
            };
    }
}
