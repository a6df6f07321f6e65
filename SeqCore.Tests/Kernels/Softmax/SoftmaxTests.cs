using SeqCore.Kernels;
using SeqCore.Kernels.Softmax;
using SeqCore.Tests.Kernels.Rows;
using static SeqCore.Tests.Kernels.Rows.Numbers;

namespace SeqCore.Tests.Kernels.Softmax;

public unsafe class SoftmaxTests
{
    public static TheoryData<int> AllWidths => new(Widths);

    [Theory, MemberData(nameof(AllWidths))]
    public void Softmax_matches_its_definition(int width) =>
        CheckAgainst(SoftmaxKind.Softmax, width, (x, _) => Definition.Softmax(x));

    [Theory, MemberData(nameof(AllWidths))]
    public void LogSoftmax_matches_its_definition(int width) =>
        CheckAgainst(SoftmaxKind.LogSoftmax, width, (x, _) => Definition.LogSoftmax(x));

    [Theory, MemberData(nameof(AllWidths))]
    public void Softmax_gradient_matches_its_definition(int width) =>
        CheckAgainst(SoftmaxKind.SoftmaxGradient, width, (y, dY) => Definition.SoftmaxGradient(y, dY));

    [Theory, MemberData(nameof(AllWidths))]
    public void LogSoftmax_gradient_matches_its_definition(int width) =>
        CheckAgainst(SoftmaxKind.LogSoftmaxGradient, width, (y, dY) => Definition.LogSoftmaxGradient(y, dY));

    [Theory]
    [InlineData(SoftmaxKindName.Softmax)]
    [InlineData(SoftmaxKindName.LogSoftmax)]
    public void Gradients_match_finite_differences(SoftmaxKindName kind)
    {
        const int Columns = 7;
        double[] x = ToDouble(Normal(Columns, 1)), dY = ToDouble(Normal(Columns, 2));
        Func<double[], double[]> f = x => kind == SoftmaxKindName.Softmax ? Definition.Softmax(x) : Definition.LogSoftmax(x);
        var expected = new double[Columns];
        for (var i = 0; i < Columns; i++)
        {
            double[] up = [.. x], down = [.. x];
            up[i] += 1e-5;
            down[i] -= 1e-5;
            expected[i] = f(up).Zip(f(down), (a, b) => (a - b) / 2e-5).Zip(dY, (a, b) => a * b).Sum();
        }

        using var arena = new Arena();
        var y = arena.Put(Array.ConvertAll(f(x), v => (float)v));
        var gradient = arena.Put(Normal(Columns, 2));
        var dX = arena.Output(Columns);
        if (kind == SoftmaxKindName.Softmax)
            arena.Backend.SoftmaxGradient(y, gradient, dX, 1, Columns);
        else
            arena.Backend.LogSoftmaxGradient(y, gradient, dX, 1, Columns);
        ShouldBeNear(dX.AsHostSpan(), expected, 1e-5, 1e-6, "dX");
    }

    [Fact]
    public void Huge_logits_do_not_overflow()
    {
        using var arena = new Arena();
        var x = arena.Put(1e30f, 1e30f, -3e38f, 3e4f);
        var y = arena.Output(4);
        arena.Backend.Softmax(x, y, 1, 4);
        y.AsHostSpan().ToArray().Should().Equal(0.5f, 0.5f, 0f, 0f);
        arena.Backend.LogSoftmax(arena.Put(2e6f, 2e6f), y.Slice(0, 2), 1, 2);
        ShouldBeNear(y.AsHostSpan()[..2], [-Math.Log(2), -Math.Log(2)], 1e-6, 0, "log-softmax");
    }

    [Fact]
    public void Masked_columns_get_nothing_and_a_row_of_minus_infinity_is_NaN()
    {
        const float None = float.NegativeInfinity;
        using var arena = new Arena();
        var y = arena.Output(6);
        arena.Backend.Softmax(arena.Put(None, 1f, 1f, None, None, None), y, 2, 3);
        y.AsHostSpan()[..3].ToArray().Should().Equal(0f, 0.5f, 0.5f);
        y.AsHostSpan()[3..].ToArray().Should().OnlyContain(v => float.IsNaN(v));
    }

    [Theory]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NaN)]
    public void A_row_with_infinity_or_NaN_is_NaN_and_its_neighbour_is_not(float bad)
    {
        using var arena = new Arena();
        var x = new float[2 * 37];
        x[5] = bad;
        var y = arena.Output(x.Length);
        arena.Backend.Softmax(arena.Put(x), y, 2, 37);
        y.AsHostSpan()[..37].ToArray().Should().OnlyContain(v => float.IsNaN(v));
        y.AsHostSpan()[37..].ToArray().Should().OnlyContain(v => Math.Abs(v - 1f / 37) < 1e-8f);
    }

    [Fact]
    public void Threads_do_not_change_a_bit_and_the_output_may_be_the_input()
    {
        const int Rows = 203, Columns = 501;
        int[]? first = null;
        foreach (var threads in (int[])[1, 2, 3])
        {
            using var arena = new Arena(threads);
            var x = arena.Put(Normal(Rows * Columns, 5));
            arena.Backend.Softmax(x, x, Rows, Columns);
            first ??= Bits(x);
            Bits(x).Should().Equal(first);
        }
    }

    [Fact]
    public void Rows_may_be_long_and_empty()
    {
        const int Columns = 60_001;
        using var arena = new Arena(2);
        var x = Normal(3 * Columns, 6);
        var y = arena.Output(x.Length);
        arena.Backend.Softmax(arena.Put(x), y, 3, Columns);
        for (var r = 0; r < 3; r++)
        {
            ShouldBeNear(y.AsHostSpan().Slice(r * Columns, Columns),
                Definition.Softmax(ToDouble(x[(r * Columns)..((r + 1) * Columns)])), 3e-6, 0, "y");
        }

        arena.Backend.Softmax(arena.Put(), arena.Put(), 0, 5);
        arena.Backend.LogSoftmax(arena.Put(), arena.Put(), 5, 0);
    }

    [Fact]
    public void Too_short_a_run_is_named()
    {
        using var arena = new Arena();
        var act = () => arena.Backend.Softmax(arena.Put(1f, 2f), arena.Output(6), 2, 3);
        act.Should().Throw<ArgumentException>().WithMessage("Softmax: x should hold (2, 3) = 6 elements; got 2.");
    }

    private static void CheckAgainst(SoftmaxKind kind, int width, Func<double[], double[], double[]> definition)
    {
        const int Rows = 3;
        foreach (var columns in AwkwardLengths)
        {
            using var arena = new Arena(2);
            var isGradient = kind is SoftmaxKind.SoftmaxGradient or SoftmaxKind.LogSoftmaxGradient;
            float[] input = Normal(Rows * columns, columns, isGradient ? 1f : 4f), gradient = Normal(Rows * columns, columns + 1);
            DeviceSpan<float> x = arena.Put(input), dY = arena.Put(gradient), output = arena.Output(Rows * columns);
            if (width != 0)
                Run(width, new SoftmaxKernel(kind, x.Pointer(), dY.Pointer(), output.Pointer(), Rows, columns));
            else if (kind == SoftmaxKind.Softmax)
                arena.Backend.Softmax(x, output, Rows, columns);
            else if (kind == SoftmaxKind.LogSoftmax)
                arena.Backend.LogSoftmax(x, output, Rows, columns);
            else if (kind == SoftmaxKind.SoftmaxGradient)
                arena.Backend.SoftmaxGradient(x, dY, output, Rows, columns);
            else
                arena.Backend.LogSoftmaxGradient(x, dY, output, Rows, columns);
            for (var r = 0; r < Rows; r++)
            {
                var row = (r * columns)..((r + 1) * columns);
                ShouldBeNear(output.AsHostSpan()[row], definition(ToDouble(input[row]), ToDouble(gradient[row])), 3e-6,
                    isGradient ? 1e-4 * Math.Sqrt(columns) / 20 : 1e-6, $"{kind}, {columns} columns");
            }
        }
    }
}

public enum SoftmaxKindName
{
    Softmax,
    LogSoftmax,
}
