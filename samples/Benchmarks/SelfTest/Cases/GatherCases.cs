namespace SeqCore.Benchmarks;

/// <summary>Rows of a table read, added to and cleared, and the elements of rows sorted or the largest found.</summary>
internal static class GatherCases
{
    internal static IEnumerable<KernelCase> Create() =>
    [
        Gather(50, 7, 33, large: false),
        Gather(50, 64, 1000, large: false),
        Gather(50257, 768, 16384, large: true),
        ScatterAdd(50, 7, 333, large: false),
        ScatterAdd(3, 64, 1000, large: false),
        ScatterAdd(65, 384, 16384, large: true),
        ScatterAdd(50257, 768, 16384, large: true),
        ClearRows(50, 7, 33, large: false),
        ClearRows(2000, 64, 1000, large: false),
        ClearRows(50257, 768, 16384, large: true),
        TopK(37, 101, 5, large: false),
        TopK(3, 5, 5, large: false),
        TopK(2, 50257, 40, large: false),
        TopK(256, 50257, 40, large: true),
        Sort(37, 101, large: false),
        Sort(2, 1300, large: false),
        Sort(4096, 4096, large: true),
        Sort(1, 1 << 24, large: true),
    ];

    private static KernelCase Gather(int rows, int columns, int count, bool large) =>
        new("Gather", $"{count} of {Layouts.Sizes(rows, columns)}", Bounds.Exact, o =>
    {
        var (table, indices, output) = (o.Normal(rows * columns), o.Indices(count, rows), o.Result(count * columns));
        return () => o.Backend.Gather(table, indices, output, rows, columns);
    })
        { Bytes = Layouts.Floats(2.0 * count * columns), IsLarge = large };

    private static KernelCase ScatterAdd(int rows, int columns, int count, bool large) =>
        new("ScatterAdd", $"{count} into {Layouts.Sizes(rows, columns)}", Bounds.Sum((double)count / rows), o =>
        {
            var (source, indices, table) = (o.Normal(count * columns), o.Indices(count, rows), o.Changed(rows * columns));
            return () => o.Backend.ScatterAdd(source, indices, table, rows, columns);
        })
        { Bytes = Layouts.Floats(((double)count + 2.0 * Math.Min(rows, count)) * columns), IsLarge = large };

    private static KernelCase ClearRows(int rows, int columns, int count, bool large) =>
        new("ClearRows", $"{count} of {Layouts.Sizes(rows, columns)}", Bounds.Exact, o =>
        {
            // Each row once, in no order.
            var step = rows % 7 == 0 ? 11 : 7;
            var indices = o.Put([.. Enumerable.Range(0, count).Select(i => (int)((long)i * step % rows))]);
            var table = o.Changed(rows * columns);
            return () => o.Backend.ClearRows(table, indices, rows, columns);
        })
        { Bytes = Layouts.Floats((double)count * columns), IsLarge = large };

    private static KernelCase TopK(int rows, int columns, int k, bool large) =>
        new("TopK", $"{k} of {Layouts.Sizes(rows, columns)}", Bounds.Exact, o =>
    {
        var (x, values, indices) = (o.Normal(rows * columns), o.Result(rows * k), o.IndexResult(rows * k));
        return () => o.Backend.TopK(x, values, indices, rows, columns, k);
    })
        { Bytes = Layouts.Floats((double)rows * columns), IsLarge = large };

    private static KernelCase Sort(int rows, int columns, bool large) =>
        new("Sort", Layouts.Sizes(rows, columns), Bounds.Exact, o =>
        {
            var (x, values, indices) = (o.Normal(rows * columns), o.Result(rows * columns), o.IndexResult(rows * columns));
            return () => o.Backend.Sort(x, values, indices, rows, columns);
        })
        { Bytes = Layouts.Floats(3.0 * rows * columns), IsLarge = large };
}
