using SeqCore.Kernels;
using SeqCore.Kernels.Norms;
using SeqCore.Tests.Kernels.Rows;
using static SeqCore.Tests.Kernels.Rows.Numbers;

namespace SeqCore.Tests.Kernels.Norms;

public unsafe class RmsNormTests
{
    private const int Rows = 3;
    private const float Epsilon = 1e-3f;

    public static TheoryData<int, bool, bool> Variants => new(
        from width in Widths
        from weighted in (bool[])[true, false]
        from added in (bool[])[true, false]
        select (width, weighted, added));

    [Theory, MemberData(nameof(Variants))]
    public void Result_and_sum_match_their_definition(int width, bool weighted, bool added)
    {
        foreach (var columns in AwkwardLengths)
        {
            using var arena = new Arena(2);
            float[] x = Normal(Rows * columns, columns, 2f), more = Normal(x.Length, 3), w = Normal(columns, 1);
            DeviceSpan<float> input = arena.Put(x), residual = added ? arena.Put(more) : default,
                sum = added ? arena.Output(x.Length) : default;
            DeviceSpan<float> weight = weighted ? arena.Put(w) : default, y = arena.Output(x.Length), rstd = arena.Output(Rows);
            if (width == 0)
                arena.Backend.RmsNorm(new()
                {
                    X = input, Weight = weight, Y = y, Rstd = rstd, Rows = Rows, Columns = columns,
                    Epsilon = Epsilon, Residual = residual, Sum = sum,
                });
            else
            {
                Run(width, new NormKernel<RmsNormKind>
                {
                    X = input.Pointer(),
                    Residual = residual.Pointer(),
                    Sum = sum.Pointer(),
                    Weight = weight.Pointer(),
                    Y = y.Pointer(),
                    Rstd = rstd.Pointer(),
                    Columns = columns,
                    EndRow = Rows,
                    Epsilon = Epsilon,
                });
            }

            var total = added ? [.. x.Zip(more, (a, b) => a + b)] : x;
            if (added)
                sum.AsHostSpan().ToArray().Should().Equal(total);
            for (var r = 0; r < Rows; r++)
            {
                var row = ToDouble(total[(r * columns)..((r + 1) * columns)]);
                var expected = Definition.RmsNorm(row, weighted ? ToDouble(w) : null, Epsilon);
                ShouldBeNear(y.AsHostSpan().Slice(r * columns, columns), expected.Y, 1e-6, 1e-7, $"y, {columns} columns");
                ShouldBeNear(rstd.AsHostSpan().Slice(r, 1), [expected.Rstd], 1e-6, 0, "rstd");
            }
        }
    }

    [Theory, MemberData(nameof(Variants))]
    public void Gradients_match_finite_differences(int width, bool weighted, bool added)
    {
        foreach (var columns in (int[])[2, 7, 16, 37])
        {
            using var arena = new Arena(2);
            float[] x = Normal(Rows * columns, columns, 2f), w = Normal(columns, 1), g = Normal(x.Length, 3),
                more = Normal(x.Length, 4);
            DeviceSpan<float> input = arena.Put(x), weight = weighted ? arena.Put(w) : default, dY = arena.Put(g),
                dSum = added ? arena.Put(more) : default;
            DeviceSpan<float> rstd = arena.Output(Rows), dX = arena.Output(x.Length), dWeight = arena.Put(new float[columns]);
            arena.Backend.RmsNorm(new()
            {
                X = input, Weight = weight, Y = arena.Output(x.Length), Rstd = rstd, Rows = Rows, Columns = columns,
                Epsilon = Epsilon,
            });
            if (width == 0)
                arena.Backend.RmsNormGradient(new()
                {
                    X = input, Weight = weight, Rstd = rstd, DY = dY, DX = dX, DWeight = dWeight, Rows = Rows,
                    Columns = columns, DSum = dSum,
                });
            else
            {
                Run(width, new NormGradientKernel<RmsNormKind>
                {
                    X = input.Pointer(),
                    Weight = weight.Pointer(),
                    Rstd = rstd.Pointer(),
                    DY = dY.Pointer(),
                    DSum = dSum.Pointer(),
                    DX = dX.Pointer(),
                    DWeight = dWeight.Pointer(),
                    Columns = columns,
                    EndRow = Rows,
                });
            }

            double[] parameters = [.. ToDouble(x), .. weighted ? ToDouble(w) : [.. Enumerable.Repeat(1.0, columns)]];
            var expected = Differences(parameters, p => Loss(p, g, added ? more : new float[x.Length], columns));
            ShouldBeNear(dX.AsHostSpan(), expected[..x.Length], 1e-5, 1e-5, $"dX, {columns} columns");
            ShouldBeNear(dWeight.AsHostSpan(), expected[x.Length..], 1e-5, 1e-5, "dWeight");
            var definedWeight = new double[columns];
            for (var r = 0; r < Rows; r++)
            {
                var row = (r * columns)..((r + 1) * columns);
                var defined = Definition.RmsNormGradient(ToDouble(x[row]), weighted ? ToDouble(w) : null, Epsilon,
                    ToDouble(g[row]), definedWeight);
                if (added)
                    defined = [.. defined.Zip(more[row], (a, b) => a + b)];
                ShouldBeNear(dX.AsHostSpan()[row], defined, 1e-5, 1e-5, $"dX of the definition, {columns} columns");
            }

            ShouldBeNear(dWeight.AsHostSpan(), definedWeight, 1e-5, 1e-5, "dWeight of the definition");
        }
    }

    [Fact]
    public void Threads_do_not_change_a_bit_and_outputs_may_overwrite_inputs()
    {
        const int ManyRows = 1500, Columns = 130;
        int[]? first = null;
        float[] values = Normal(ManyRows * Columns, 1), w = Normal(Columns, 2), g = Normal(ManyRows * Columns, 3),
            more = Normal(ManyRows * Columns, 4);
        foreach (var threads in (int[])[1, 2, 3])
        {
            using var arena = new Arena(threads);
            DeviceSpan<float> x = arena.Put(values), residual = arena.Put(more), weight = arena.Put(w),
                rstd = arena.Output(ManyRows), y = arena.Output(x.Length);
            arena.Backend.RmsNorm(new()
            {
                X = x, Weight = weight, Y = y, Rstd = rstd, Rows = ManyRows, Columns = Columns, Epsilon = Epsilon,
                Residual = residual, Sum = residual,
            });
            DeviceSpan<float> dY = arena.Put(g), dWeight = arena.Output(Columns), dX = arena.Output(x.Length),
                dSum = arena.Put(more);
            arena.Backend.RmsNormGradient(new()
            {
                X = residual, Weight = weight, Rstd = rstd, DY = dY, DX = dX, DWeight = dWeight, Rows = ManyRows,
                Columns = Columns, DSum = dSum,
            });
            arena.Backend.RmsNormGradient(new()
            {
                X = residual, Weight = weight, Rstd = rstd, DY = dY, DX = dSum, Rows = ManyRows, Columns = Columns,
                DSum = dSum,
            });
            Bits(dSum).Should().Equal(Bits(dX));
            arena.Backend.RmsNorm(new()
            {
                X = residual, Weight = weight, Y = residual, Rows = ManyRows, Columns = Columns, Epsilon = Epsilon,
            });
            Bits(residual).Should().Equal(Bits(y));
            int[] bits = [.. Bits(y), .. Bits(dX), .. Bits(dWeight)];
            bits.Should().Equal(first ??= bits);
        }
    }

    [Fact]
    public void Short_spans_and_a_residual_without_a_sum_are_refused()
    {
        using var arena = new Arena();
        DeviceSpan<float> six = arena.Put(new float[6]), five = arena.Put(new float[5]);
        var backend = arena.Backend;
        Throws(() => backend.RmsNorm(new() { X = five, Y = six, Rows = 2, Columns = 3, Epsilon = Epsilon }),
            "RmsNorm: x should hold (2, 3) = 6 elements; got 5.");
        Throws(() => backend.RmsNorm(new()
        {
            X = six, Y = six, Rows = 2, Columns = 3, Epsilon = Epsilon, Residual = five, Sum = six,
        }), "RmsNorm: residual should*");
        Throws(() => backend.RmsNorm(new() { X = six, Y = six, Rows = 2, Columns = 3, Epsilon = Epsilon, Residual = six }),
            "RmsNorm: a residual and a sum should be given together; got no sum.");
        Throws(() => backend.LayerNorm(new() { X = six, Y = six, Rows = 2, Columns = 3, Epsilon = Epsilon, Sum = six }),
            "LayerNorm: a residual and a sum should be given together; got no residual.");
        Throws(() => backend.RmsNormGradient(new()
        {
            X = six, Rstd = six, DY = six, DX = six, Rows = 2, Columns = 3, DSum = five,
        }), "RmsNormGradient: dSum should*");

        static void Throws(Action action, string message) => action.Should().Throw<ArgumentException>().WithMessage(message);
    }

    private static double Loss(double[] p, float[] g, float[] gSum, int columns)
    {
        var loss = 0.0;
        for (var r = 0; r < Rows; r++)
        {
            var x = p[(r * columns)..((r + 1) * columns)];
            var y = Definition.RmsNorm(x, p[^columns..], Epsilon).Y;
            for (var c = 0; c < columns; c++)
                loss += y[c] * g[r * columns + c] + x[c] * gSum[r * columns + c];
        }

        return loss;
    }
}
