using SeqCore.Kernels;

namespace SeqCore.Benchmarks;

/// <summary>Gated units and rotary positions.</summary>
internal static class TransformerRowCases
{
    internal static IEnumerable<KernelCase> Create() =>
    [
        .. SwiGlu(37, 101, large: false),
        .. SwiGlu(3, 4, large: false),
        .. SwiGlu(8192, 2048, large: true),
        .. Rotary(new RotaryShape(3, 7, 50, 3, 16, 12, 2, RotaryPairs.HalfSplit), large: false),
        .. Rotary(new RotaryShape(3, 7, 50, 3, 16, 12, 2, RotaryPairs.Interleaved), large: false),
        .. Rotary(new RotaryShape(2, 9, 64, 4, 16, 16, 0, RotaryPairs.HalfSplit), large: false),
        .. Rotary(new RotaryShape(16, 1024, 1024, 16, 64, 64, 0, RotaryPairs.HalfSplit), large: true),
    ];

    private static KernelCase[] SwiGlu(int rows, int columns, bool large) =>
    [
        new("SwiGlu", Layouts.Sizes(rows, columns), Bounds.Elementwise, o =>
        {
            var (x, y) = (o.Normal(2 * rows * columns), o.Result(rows * columns));
            return () => o.Backend.SwiGlu(x, y, rows, columns);
        })
        { Bytes = Layouts.Floats(3.0 * rows * columns), IsLarge = large },
        new("SwiGluGradient", Layouts.Sizes(rows, columns), Bounds.Elementwise, o =>
        {
            var (x, dY, dX) = (o.Normal(2 * rows * columns), o.Normal(rows * columns), o.Result(2 * rows * columns));
            return () => o.Backend.SwiGluGradient(x, dY, dX, rows, columns);
        })
        { Bytes = Layouts.Floats(5.0 * rows * columns), IsLarge = large },
    ];

    private static KernelCase[] Rotary(RotaryShape s, bool large)
    {
        var count = s.Batch * s.Steps * s.Columns;
        var variant = $"{Layouts.Sizes(s.Batch, s.Steps, s.Columns)}, {s.HeadCount} heads of {s.HeadSize}, {s.RotarySize} turned,"
            + $" {s.Pairs}";
        return
        [
            new("Rotary", variant, Bounds.Elementwise, o =>
            {
                var (x, table, y) = (o.Normal(count), Table(o, s), o.Result(count));
                return () => o.Backend.Rotary(x, table, y, s);
            })
            { Bytes = Layouts.Floats(2.0 * count), IsLarge = large },
            new("RotaryGradient", variant, Bounds.Elementwise, o =>
            {
                var (dY, table, dX) = (o.Normal(count), Table(o, s), o.Result(count));
                return () => o.Backend.RotaryGradient(dY, table, dX, s);
            })
            { Bytes = Layouts.Floats(2.0 * count), IsLarge = large },
        ];
    }

    private static DeviceSpan<float> Table(KernelOperands o, RotaryShape s)
    {
        var rows = new float[(s.FirstPosition + s.Steps) * 2 * s.RotarySize];
        RotaryTable.Fill(rows, 0, s.RotarySize, s.Pairs);
        return o.Put(rows);
    }
}
