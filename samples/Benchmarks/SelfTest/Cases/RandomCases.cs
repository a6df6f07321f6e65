using SeqCore.Kernels;

namespace SeqCore.Benchmarks;

/// <summary>Random numbers and dropout.</summary>
internal static class RandomCases
{
    private const int Large = 32 << 20;
    private static readonly RandomStream Stream = new(0x1234_5678_9ABC_DEF0, 0xFFFF_FFF0);

    internal static IEnumerable<KernelCase> Create() => new[] { 1003, 4, Large }.SelectMany(count => new[]
    {
        Case("FillUniform", count, 1, Bounds.Elementwise, o =>
        {
            var y = o.Result(count);
            return () => o.Backend.FillUniform(y, Stream, -1f, 3f);
        }),
        Case("FillNormal", count, 1, Bounds.Elementwise, o =>
        {
            var y = o.Result(count);
            return () => o.Backend.FillNormal(y, Stream, 0.5f, 2f);
        }),
        Case("Dropout", count, 2, Bounds.Elementwise, o =>
        {
            var (x, y) = (o.Normal(count), o.Result(count));
            return () => o.Backend.Dropout(x, y, 0.3f, Stream);
        }),
    });

    private static KernelCase Case(string operation, int count, int passes, double bound, Func<KernelOperands, Action> prepare) =>
        new(operation, Layouts.Sizes(count), bound, prepare)
        {
            Bytes = Layouts.Floats((double)passes * count),
            IsLarge = count == Large,
        };
}
