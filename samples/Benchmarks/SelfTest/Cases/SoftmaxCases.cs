namespace SeqCore.Benchmarks;

/// <summary>Softmax and its logarithm, row by row.</summary>
internal static class SoftmaxCases
{
    private static readonly (int Rows, int Columns, bool IsLarge)[] Sizes =
        [(37, 101, false), (5, 3, false), (3, 1024, false), (2, 70001, false), (4096, 1024, true), (1024, 32768, true)];

    internal static IEnumerable<KernelCase> Create() => Sizes.SelectMany(s => Of(s.Rows, s.Columns, s.IsLarge));

    private static KernelCase[] Of(int rows, int columns, bool large)
    {
        var count = rows * columns;
        return
        [
            Case("Softmax", 2, o =>
            {
                var (x, y) = (o.Normal(count, 3f), o.Result(count));
                return () => o.Backend.Softmax(x, y, rows, columns);
            }),
            Case("LogSoftmax", 2, o =>
            {
                var (x, y) = (o.Normal(count, 3f), o.Result(count));
                return () => o.Backend.LogSoftmax(x, y, rows, columns);
            }),
            Case("SoftmaxGradient", 3, o =>
            {
                var (x, y, dY, dX) = (o.Normal(count, 3f), o.Scratch(count), o.Normal(count), o.Result(count));
                o.Backend.Softmax(x, y, rows, columns);
                return () => o.Backend.SoftmaxGradient(y, dY, dX, rows, columns);
            }),
            Case("LogSoftmaxGradient", 3, o =>
            {
                var (x, y, dY, dX) = (o.Normal(count, 3f), o.Scratch(count), o.Normal(count), o.Result(count));
                o.Backend.LogSoftmax(x, y, rows, columns);
                return () => o.Backend.LogSoftmaxGradient(y, dY, dX, rows, columns);
            }),
        ];

        KernelCase Case(string operation, int passes, Func<KernelOperands, Action> prepare) =>
            new(operation, Layouts.Sizes(rows, columns), Bounds.Sum(columns), prepare)
            {
                Bytes = Layouts.Floats((double)passes * count),
                IsLarge = large,
            };
    }
}
