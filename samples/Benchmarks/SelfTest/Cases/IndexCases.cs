using SeqCore.Kernels;

namespace SeqCore.Benchmarks;

/// <summary>Indices compared, computed and converted.</summary>
internal static class IndexCases
{
    private static readonly (int Count, bool IsLarge)[] Sizes = [(37, false), (1001, false), (1 << 22, true)];

    internal static IEnumerable<KernelCase> Create() =>
    [
        .. from kind in Enum.GetValues<IndexComparison>()
           from size in Sizes
           select Compare(kind, size.Count, size.IsLarge),
        .. from operation in Enum.GetValues<IndexArithmetic>()
           select Compute(operation, 1001, false),
        Compute(IndexArithmetic.Remainder, 1 << 22, true),
        .. Sizes.Select(size => ToFloats(size.Count, size.IsLarge)),
        .. Sizes.Select(size => FromFloats(size.Count, size.IsLarge)),
    ];

    private static KernelCase Compare(IndexComparison comparison, int count, bool large) =>
        new("CompareIndices", $"{comparison}, {count}", Bounds.Exact, o =>
    {
        var (x, y, result) = (o.Indices(count, 50), o.Indices(count, 50), o.Result(count));
        return () => o.Backend.CompareIndices(comparison, x, y, result);
    })
        { Bytes = Layouts.Floats(3.0 * count), IsLarge = large };

    private static KernelCase Compute(IndexArithmetic operation, int count, bool large) =>
        new("ComputeIndices", $"{operation}, {count}", Bounds.Exact, o =>
    {
        // Divisors from -49 to 49, without 0.
        int[] divisors = [.. Enumerable.Range(0, count).Select(i => i % 2 == 0 ? i % 49 + 1 : -(i % 49) - 1)];
        var (x, y, result) = (o.Indices(count, 50257), o.Put(divisors), o.IndexResult(count));
        return () => o.Backend.ComputeIndices(operation, x, y, result);
    })
        { Bytes = Layouts.Floats(3.0 * count), IsLarge = large };

    private static KernelCase FromFloats(int count, bool large) => new("FloatsToIndices", $"{count}", Bounds.Exact, o =>
    {
        var (x, result) = (o.Normal(count, 1000), o.IndexResult(count));
        return () => o.Backend.FloatsToIndices(x, result);
    })
    { Bytes = Layouts.Floats(2.0 * count), IsLarge = large };

    private static KernelCase ToFloats(int count, bool large) => new("IndicesToFloats", $"{count}", Bounds.Exact, o =>
    {
        var (x, result) = (o.Indices(count, 50257), o.Result(count));
        return () => o.Backend.IndicesToFloats(x, result);
    })
    { Bytes = Layouts.Floats(2.0 * count), IsLarge = large };
}
