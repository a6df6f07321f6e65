using SeqCore.Kernels;

namespace SeqCore.Benchmarks;

/// <summary>Sums and extremes along axes.</summary>
internal static class ReductionCases
{
    internal static IEnumerable<KernelCase> Create() =>
    [
        .. from kind in Enum.GetValues<ReductionKind>()
           from variant in new (int[] From, int[] To)[] { ([37, 101], [37, 1]), ([37, 101], [1, 101]), ([37, 101], [1, 1]),
               ([5, 41, 7], [5, 1, 7]), ([3, 70001], [3, 1]) }
           select Reduce(kind, variant.From, variant.To, large: false),
        Reduce(ReductionKind.Sum, [8192, 4096], [8192, 1], large: true),
        Reduce(ReductionKind.Sum, [8192, 4096], [1, 4096], large: true),
        Reduce(ReductionKind.Sum, [8192, 4096], [1, 1], large: true),
        Reduce(ReductionKind.Max, [8192, 4096], [8192, 1], large: true),
        Reduce(ReductionKind.LogSumExp, [8192, 4096], [8192, 1], large: true),
        Reduce(ReductionKind.SumOfSquares, [64, 512, 1024], [64, 1, 1024], large: true),
        ArgMax([37, 101], 1, large: false),
        ArgMax([37, 101], 0, large: false),
        ArgMax([37, 101], 1, large: false, last: true),
        ArgMax([5, 41, 7], 1, large: false),
        ArgMax([8192, 4096], 1, large: true),
    ];

    private static KernelCase Reduce(ReductionKind kind, int[] from, int[] to, bool large)
    {
        int count = Layouts.Count(from), results = Layouts.Count(to), terms = count / results;

        // Long sums carry their rounding errors along.
        var bound = kind is ReductionKind.Max or ReductionKind.Min ? Bounds.Exact : Bounds.Sum(Math.Min(terms, 4096));
        return new KernelCase("Reduce", $"{kind}, {Layouts.Sizes(from)} to {Layouts.Sizes(to)}", bound, o =>
        {
            // Positive, so that a sum does not cancel; near 1, so that a product stays within the range of floats.
            var (low, high) = kind == ReductionKind.Product ? (0.99f, 1.01f) : (0f, 1f);
            var (x, y) = (o.Uniform(count, low, high), o.Result(results));
            return () => o.Backend.Reduce(kind, Layouts.Dense(x, from), Layouts.Dense(y, to));
        })
        { Bytes = Layouts.Floats((double)count + results), IsLarge = large };
    }

    private static KernelCase ArgMax(int[] sizes, int axis, bool large, bool last = false)
    {
        int count = Layouts.Count(sizes), results = count / sizes[axis];
        return new KernelCase("ArgMax", $"{Layouts.Sizes(sizes)}, axis {axis}{(last ? ", last" : "")}", Bounds.Exact, o =>
        {
            var (x, indices) = (o.Normal(count), o.IndexResult(results));
            return () => o.Backend.ArgMax(Layouts.Dense(x, sizes), axis, indices, last);
        })
        { Bytes = Layouts.Floats((double)count + results), IsLarge = large };
    }
}
