using SeqCore.Kernels;
using SeqCore.Kernels.SwiGlu;
using SeqCore.Tests.Kernels.Rows;
using static SeqCore.Tests.Kernels.Rows.Numbers;

namespace SeqCore.Tests.Kernels.SwiGlu;

public unsafe class SwiGluTests
{
    private const int Rows = 3;

    public static TheoryData<int> AllWidths => [.. Widths];

    [Theory, MemberData(nameof(AllWidths))]
    public void Result_and_gradient_match_their_definition_in_double(int width)
    {
        foreach (var columns in AwkwardLengths)
        {
            using var arena = new Arena(2);
            float[] x = Normal(Rows * 2 * columns, columns, 4f), g = Normal(Rows * columns, 3);
            DeviceSpan<float> input = arena.Put(x), y = arena.Output(g.Length), dY = arena.Put(g), dX = arena.Output(x.Length);
            if (width == 0)
            {
                arena.Backend.SwiGlu(input, y, Rows, columns);
                arena.Backend.SwiGluGradient(input, dY, dX, Rows, columns);
            }
            else
            {
                Run(width, new SwiGluKernel { X = input.Pointer(), Y = y.Pointer(), Columns = columns, EndRow = Rows });
                Run(width, new SwiGluKernel
                {
                    X = input.Pointer(),
                    Y = dY.Pointer(),
                    DX = dX.Pointer(),
                    Columns = columns,
                    EndRow = Rows,
                });
            }

            for (var r = 0; r < Rows; r++)
            {
                Range one = (r * columns)..((r + 1) * columns), two = (2 * r * columns)..(2 * (r + 1) * columns);
                var row = ToDouble(x[two]);
                ShouldBeNear(y.AsHostSpan()[one], Definition.SwiGlu(row), 1e-6, 1e-9, $"y, {columns} columns");
                ShouldBeNear(dX.AsHostSpan()[two], Definition.SwiGluGradient(row, ToDouble(g[one])), 1e-6, 1e-6,
                    $"dX, {columns} columns");
            }
        }
    }

    [Theory, MemberData(nameof(AllWidths))]
    public void Gates_saturate_at_large_inputs(int width)
    {
        using var arena = new Arena(2);
        DeviceSpan<float> x = arena.Put(float.NegativeInfinity, -1e4f, 300f, 2f, 3f, 4f), dY = arena.Put(1f, 1f, 1f);
        var y = arena.Output(3);
        if (width == 0)
            width = SeqCore.Kernels.Simd.Width;
        Run(width, new SwiGluKernel { X = x.Pointer(), Y = y.Pointer(), Columns = 3, EndRow = 1 });
        Run(width,
            new SwiGluKernel { X = x.Pointer(), Y = dY.Pointer(), DX = x.Pointer(), Columns = 3, EndRow = 1 });
        y.AsHostSpan().ToArray().Should().Equal(0f, 0f, 1200f);
        x.AsHostSpan().ToArray().Should().Equal(0f, 0f, 4f, 0f, 0f, 300f);
    }

    [Fact]
    public void Short_spans_are_refused_and_threads_do_not_change_a_bit()
    {
        const int ManyRows = 700, Columns = 97;
        float[] values = Normal(ManyRows * 2 * Columns, 1), g = Normal(ManyRows * Columns, 2);
        int[]? first = null;
        foreach (var threads in (int[])[1, 2, 3])
        {
            using var arena = new Arena(threads);
            DeviceSpan<float> x = arena.Put(values), dY = arena.Put(g), y = arena.Output(g.Length),
                dX = arena.Output(values.Length);
            arena.Backend.SwiGlu(x, y, ManyRows, Columns);
            arena.Backend.SwiGluGradient(x, dY, dX, ManyRows, Columns);
            int[] bits = [.. Bits(y), .. Bits(dX)];
            bits.Should().Equal(first ??= bits);
            arena.Backend.Invoking(b => b.SwiGlu(x, y, ManyRows + 1, Columns))
                .Should().Throw<ArgumentException>().WithMessage("SwiGlu: x should hold (701, 194)*");
            arena.Backend.Invoking(b => b.SwiGluGradient(x, dY.Slice(1, 5), dX, ManyRows, Columns))
                .Should().Throw<ArgumentException>().WithMessage("SwiGluGradient: dY should*");
            arena.Backend.Invoking(b => b.SwiGluGradient(x, dY, y, ManyRows, Columns))
                .Should().Throw<ArgumentException>().WithMessage("SwiGluGradient: dX should*");
        }
    }
}
