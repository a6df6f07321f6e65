namespace SeqCore.Benchmarks;

/// <summary>Copies between layouts.</summary>
internal static class CopyCases
{
    internal static IEnumerable<KernelCase> Create() =>
    [
        Copy("1003", [1003], [1], [1]),
        Copy("37 x 53, transposed", [37, 53], [1, 37], [53, 1]),
        Copy("37 x 53 of 37 x 60", [37, 53], [60, 1], [53, 1]),
        Copy("3 x 5 x 7 x 11, heads apart", [3, 7, 5, 11], [5 * 7 * 11, 11, 7 * 11, 1], [5 * 7 * 11, 5 * 11, 11, 1]),
        Copy("2 x 3 x 2 x 3 x 2, axes reversed", [2, 3, 2, 3, 2], [1, 2, 6, 12, 36], [36, 12, 6, 2, 1]),
        Copy("50 x 3, rows repeated", [50, 3], [0, 1], [3, 1]),
        Copy("33554432", [32 << 20], [1], [1], large: true),
        Copy("8192 x 4096, transposed", [8192, 4096], [1, 8192], [4096, 1], large: true),
        Copy("64 x 512 x 16 x 64, heads apart", [64, 16, 512, 64], [512 * 16 * 64, 64, 16 * 64, 1],
            [512 * 16 * 64, 512 * 64, 64, 1], large: true),
        Copy("8192 x 2048 of 8192 x 4096", [8192, 2048], [4096, 1], [2048, 1], large: true),
        Fill("1003", [1003], [1]),
        Fill("37 x 53 of 37 x 60", [37, 53], [60, 1]),
        Fill("33554432", [32 << 20], [1], large: true),
    ];

    private static KernelCase Copy(string variant, int[] sizes, int[] from, int[] to, bool large = false) =>
        new("Copy", variant, Bounds.Exact, o =>
    {
        var (source, destination) = (o.Normal(Extent(sizes, from)), o.Result(Extent(sizes, to)));
        return () => o.Backend.Copy(Layouts.Strided(source, sizes, from), Layouts.Strided(destination, sizes, to));
    })
        { Bytes = Layouts.Floats(2.0 * Layouts.Count(sizes)), IsLarge = large };

    private static KernelCase Fill(string variant, int[] sizes, int[] strides, bool large = false) =>
        new("Fill", variant, Bounds.Exact, o =>
    {
        var destination = o.Changed(Extent(sizes, strides));
        return () => o.Backend.Fill(Layouts.Strided(destination, sizes, strides), 2.5f);
    })
        { Bytes = Layouts.Floats(Layouts.Count(sizes)), IsLarge = large };

    private static int Extent(int[] sizes, int[] strides)
    {
        var last = 0;
        for (var axis = 0; axis < sizes.Length; axis++)
            last += (sizes[axis] - 1) * strides[axis];
        return last + 1;
    }
}
