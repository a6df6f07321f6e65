using SeqCore.Kernels;

namespace SeqCore.Benchmarks;

/// <summary>Elements gathered and scattered along an axis.</summary>
internal static class AlongAxisCases
{
    internal static IEnumerable<KernelCase> Create() =>
    [
        .. new[] { (3, 41, 17, 1, false), (2, 11, 100, 7, false), (16384, 50257 / 64, 8, 1, true), (64, 512, 512, 768, true) }
            .SelectMany<(int Outer, int Size, int Count, int Inner, bool IsLarge), KernelCase>(s =>
            [
                Gather(s.Outer, s.Size, s.Count, s.Inner, s.IsLarge),
                Scatter(s.Outer, s.Size, s.Count, s.Inner, s.IsLarge, adds: false),
                Scatter(s.Outer, s.Size, s.Count, s.Inner, s.IsLarge, adds: true),
            ]),
    ];

    private static KernelCase Gather(int outer, int size, int count, int inner, bool large) =>
        new("GatherAlong", $"{count} of {Layouts.Sizes(outer, size, inner)}", Bounds.Exact, o =>
        {
            var length = outer * count * inner;
            var (x, indices, y) = (o.Normal(outer * size * inner), o.Indices(length, size), o.Result(length));
            var places = new StridedIndices(indices, Layout.Contiguous([outer, count, inner]));
            return () => o.Backend.GatherAlong(Layouts.Dense(x, outer, size, inner), 1, places, y);
        })
        { Bytes = Layouts.Floats(3.0 * outer * count * inner), IsLarge = large };

    private static KernelCase Scatter(int outer, int size, int count, int inner, bool large, bool adds)
    {
        var bound = adds ? Bounds.Sum((double)count / size) : Bounds.Exact;
        return new(adds ? "ScatterAddAlong" : "ScatterAlong", $"{count} into {Layouts.Sizes(outer, size, inner)}", bound, o =>
        {
            var length = outer * count * inner;
            var (source, indices, table) = (o.Normal(length), o.Indices(length, size), o.Changed(outer * size * inner));
            var places = new StridedIndices(indices, Layout.Contiguous([outer, count, inner]));
            var into = Layouts.Dense(table, outer, size, inner);
            return adds
                ? () => o.Backend.ScatterAddAlong(source, places, into, 1)
                : () => o.Backend.ScatterAlong(source, places, into, 1);
        })
        { Bytes = Layouts.Floats(3.0 * outer * count * inner), IsLarge = large };
    }
}
