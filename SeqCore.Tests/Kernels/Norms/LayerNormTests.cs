using SeqCore.Kernels;
using SeqCore.Kernels.Norms;
using SeqCore.Tests.Kernels.Rows;
using static SeqCore.Tests.Kernels.Rows.Numbers;

namespace SeqCore.Tests.Kernels.Norms;

public unsafe class LayerNormTests
{
    private const int Rows = 3;
    private const float Epsilon = 1e-3f;

    public static TheoryData<int, bool> WidthsWithAndWithoutWeights => new(
        from width in Widths from affine in (bool[])[true, false] select (width, affine));

    [Theory, MemberData(nameof(WidthsWithAndWithoutWeights))]
    public void Result_matches_its_definition(int width, bool affine)
    {
        foreach (var columns in AwkwardLengths)
        {
            using var arena = new Arena(2);
            float[] x = Normal(Rows * columns, columns, 2f), w = Normal(columns, 1), b = Normal(columns, 2);
            DeviceSpan<float> input = arena.Put(x), weight = affine ? arena.Put(w) : default,
                bias = affine ? arena.Put(b) : default;
            DeviceSpan<float> y = arena.Output(x.Length), mean = arena.Output(Rows), rstd = arena.Output(Rows);
            if (width == 0)
                arena.Backend.LayerNorm(new()
                {
                    X = input, Weight = weight, Bias = bias, Y = y, Mean = mean, Rstd = rstd, Rows = Rows,
                    Columns = columns, Epsilon = Epsilon,
                });
            else
            {
                Run(width, new NormKernel<LayerNormKind>
                {
                    X = input.Pointer(),
                    Weight = weight.Pointer(),
                    Bias = bias.Pointer(),
                    Y = y.Pointer(),
                    Mean = mean.Pointer(),
                    Rstd = rstd.Pointer(),
                    Columns = columns,
                    EndRow = Rows,
                    Epsilon = Epsilon,
                });
            }

            for (var r = 0; r < Rows; r++)
            {
                var row = ToDouble(x[(r * columns)..((r + 1) * columns)]);
                var expected = Definition.LayerNorm(row, affine ? ToDouble(w) : null, affine ? ToDouble(b) : null, Epsilon);
                ShouldBeNear(y.AsHostSpan().Slice(r * columns, columns), expected.Y, 1e-5, 1e-5, $"y, {columns} columns");
                ShouldBeNear(mean.AsHostSpan().Slice(r, 1), [expected.Mean], 1e-5, 1e-6, "mean");
                ShouldBeNear(rstd.AsHostSpan().Slice(r, 1), [expected.Rstd], 1e-5, 0, "rstd");
            }
        }
    }

    [Theory, MemberData(nameof(WidthsWithAndWithoutWeights))]
    public void Gradients_match_finite_differences(int width, bool affine)
    {
        foreach (var columns in (int[])[2, 7, 16, 37])
        {
            using var arena = new Arena(2);
            float[] x = Normal(Rows * columns, columns, 2f), w = Normal(columns, 1), b = Normal(columns, 2),
                g = Normal(x.Length, 3);
            DeviceSpan<float> input = arena.Put(x), weight = affine ? arena.Put(w) : default, dY = arena.Put(g);
            DeviceSpan<float> mean = arena.Output(Rows), rstd = arena.Output(Rows), dX = arena.Output(x.Length);
            arena.Backend.LayerNorm(new()
            {
                X = input, Weight = weight, Y = arena.Output(x.Length), Mean = mean, Rstd = rstd, Rows = Rows,
                Columns = columns, Epsilon = Epsilon,
            });
            DeviceSpan<float> dWeight = arena.Put(new float[columns]), dBias = arena.Put(new float[columns]);
            if (width == 0)
                arena.Backend.LayerNormGradient(new()
                {
                    X = input, Weight = weight, Mean = mean, Rstd = rstd, DY = dY, DX = dX, DWeight = dWeight,
                    DBias = dBias, Rows = Rows, Columns = columns,
                });
            else
            {
                Run(width, new NormGradientKernel<LayerNormKind>
                {
                    X = input.Pointer(),
                    Weight = weight.Pointer(),
                    Mean = mean.Pointer(),
                    Rstd = rstd.Pointer(),
                    DY = dY.Pointer(),
                    DX = dX.Pointer(),
                    DWeight = dWeight.Pointer(),
                    DBias = dBias.Pointer(),
                    Columns = columns,
                    EndRow = Rows,
                });
            }

            var parameters = affine
                ? (double[])[.. ToDouble(x), .. ToDouble(w), .. ToDouble(b)]
                : [.. ToDouble(x), .. Ones(columns), .. new double[columns]];
            var expected = Differences(parameters, p => Loss(p, g, columns));
            ShouldBeNear(dX.AsHostSpan(), expected[..x.Length], 1e-4, 1e-4, $"dX, {columns} columns");
            ShouldBeNear(dWeight.AsHostSpan(), expected[x.Length..(x.Length + columns)], 1e-4, 1e-4, "dWeight");
            ShouldBeNear(dBias.AsHostSpan(), expected[(x.Length + columns)..], 1e-4, 1e-4, "dBias");
            for (var r = 0; r < Rows; r++)
            {
                var row = (r * columns)..((r + 1) * columns);
                var defined = Definition.LayerNormGradient(ToDouble(x[row]), affine ? ToDouble(w) : null, Epsilon,
                    ToDouble(g[row]), new double[columns], new double[columns]);
                ShouldBeNear(dX.AsHostSpan()[row], defined, 1e-4, 1e-4, $"dX of the definition, {columns} columns");
            }
        }
    }

    /// <summary>The numbers are PyTorch's, from Goldens/row_kernels.py.</summary>
    [Fact]
    public void Results_and_gradients_are_those_of_PyTorch()
    {
        using var arena = new Arena();
        DeviceSpan<float> x = arena.Put(Fractions.Of(12, 5, 17, 4)), w = arena.Put(Fractions.Of(6, 3, 7, 2)),
            b = arena.Put(Fractions.Of(6, 2, 5, 4));
        DeviceSpan<float> y = arena.Output(12), mean = arena.Output(2), rstd = arena.Output(2), dX = arena.Output(12),
            dW = arena.Output(6), dB = arena.Output(6);
        arena.Backend.LayerNorm(new()
        {
            X = x, Weight = w, Bias = b, Y = y, Mean = mean, Rstd = rstd, Rows = 2, Columns = 6, Epsilon = 1e-5f,
        });
        arena.Backend.LayerNormGradient(new()
        {
            X = x, Weight = w, Mean = mean, Rstd = rstd, DY = arena.Put(Fractions.Of(12, 7, 19, 8)), DX = dX,
            DWeight = dW, DBias = dB, Rows = 2, Columns = 6,
        });
        ShouldBeNear(y.AsHostSpan(), [1.60079288, 0, 1.47353804, -1.08690119, -0.535662413, -0.739114642, -1.78522491, 0,
            -0.214013875, -0.488004625, 1.67802775, 0.356816649], 1e-6, 3e-7, "y");
        ShouldBeNear(dX.AsHostSpan(), [0.848820567, -0.362139285, 0.578932405, 0.341510743, -0.43113488, -0.975989819,
            0.172427475, -0.557117701, 0.734578609, -0.401372194, -0.156896174, 0.208379924], 1e-6, 3e-7, "dX");
        ShouldBeNear(dW.AsHostSpan(), [1.04008424, -0.263069034, -0.129869521, -1.64308059, 0.714013875, 1.06604195], 1e-6, 3e-7,
            "dWeight");
        ShouldBeNear(dB.AsHostSpan(), [-1.75, 0, 1.75, -1.25, 0.5, -0.125], 0, 0, "dBias");
    }

    [Fact]
    public void Weight_gradients_over_many_rows_match_sums_in_double()
    {
        const int ManyRows = 1500, Columns = 33;
        using var arena = new Arena(2);
        float[] x = Normal(ManyRows * Columns, 4), g = Normal(ManyRows * Columns, 5);
        DeviceSpan<float> input = arena.Put(x), mean = arena.Output(ManyRows), rstd = arena.Output(ManyRows);
        arena.Backend.LayerNorm(new()
        {
            X = input, Y = arena.Output(x.Length), Mean = mean, Rstd = rstd, Rows = ManyRows, Columns = Columns,
            Epsilon = Epsilon,
        });
        DeviceSpan<float> dWeight = arena.Output(Columns), dBias = arena.Output(Columns);
        arena.Backend.LayerNormGradient(new()
        {
            X = input, Mean = mean, Rstd = rstd, DY = arena.Put(g), DX = arena.Output(x.Length), DWeight = dWeight,
            DBias = dBias, Rows = ManyRows, Columns = Columns,
        });
        double[] expectedWeight = new double[Columns], expectedBias = new double[Columns];
        for (var r = 0; r < ManyRows; r++)
        {
            var row = (r * Columns)..((r + 1) * Columns);
            Definition.LayerNormGradient(ToDouble(x[row]), null, Epsilon, ToDouble(g[row]), expectedWeight, expectedBias);
        }

        ShouldBeNear(dWeight.AsHostSpan(), expectedWeight, 1e-5, 1e-4, "dWeight");
        ShouldBeNear(dBias.AsHostSpan(), expectedBias, 1e-5, 1e-4, "dBias");
    }

    [Fact]
    public void Threads_do_not_change_a_bit_and_outputs_may_overwrite_inputs()
    {
        const int ManyRows = 700, Columns = 130;
        int[]? first = null;
        foreach (var threads in (int[])[1, 2, 3])
        {
            using var arena = new Arena(threads);
            DeviceSpan<float> x = arena.Put(Normal(ManyRows * Columns, 5)), y = arena.Put(Normal(ManyRows * Columns, 5));
            DeviceSpan<float> w = arena.Put(Normal(Columns, 6)), dY = arena.Put(Normal(ManyRows * Columns, 7));
            DeviceSpan<float> mean = arena.Output(ManyRows), rstd = arena.Output(ManyRows), dW = arena.Output(Columns),
                dB = arena.Output(Columns);
            arena.Backend.LayerNorm(new()
            {
                X = y, Weight = w, Bias = w, Y = y, Mean = mean, Rstd = rstd, Rows = ManyRows, Columns = Columns,
                Epsilon = Epsilon,
            });
            arena.Backend.LayerNormGradient(new()
            {
                X = x, Weight = w, Mean = mean, Rstd = rstd, DY = dY, DX = dY, DWeight = dW, DBias = dB,
                Rows = ManyRows, Columns = Columns,
            });
            int[] bits = [.. Bits(y), .. Bits(dY), .. Bits(dW), .. Bits(dB)];
            first ??= bits;
            bits.AsSpan().SequenceEqual(first).Should().BeTrue();
        }
    }

    [Fact]
    public void A_large_mean_does_not_cost_the_variance_its_digits()
    {
        var x = Enumerable.Range(0, 64).Select(i => 10_000f + i % 2).ToArray();
        using var arena = new Arena();
        var y = arena.Output(64);
        arena.Backend.LayerNorm(new() { X = arena.Put(x), Y = y, Rows = 1, Columns = 64, Epsilon = 0f });
        y.AsHostSpan().ToArray().Should().OnlyContain(v => Math.Abs(Math.Abs(v) - 1f) < 1e-5f);
    }

    [Fact]
    public void No_rows_give_zero_gradients()
    {
        using var arena = new Arena();
        DeviceSpan<float> none = arena.Put(), dW = arena.Output(5), dB = arena.Output(5);
        arena.Backend.LayerNorm(new() { X = none, Y = none, Mean = none, Rstd = none, Rows = 0, Columns = 5, Epsilon = Epsilon });
        arena.Backend.LayerNormGradient(new()
        {
            X = none, Mean = none, Rstd = none, DY = none, DX = none, DWeight = dW, DBias = dB, Rows = 0,
            Columns = 5,
        });
        dW.AsHostSpan().ToArray().Should().OnlyContain(v => v == 0f);
        dB.AsHostSpan().ToArray().Should().OnlyContain(v => v == 0f);
    }

    private static double Loss(double[] p, float[] g, int columns)
    {
        var n = Rows * columns;
        var loss = 0.0;
        for (var r = 0; r < Rows; r++)
        {
            var y = Definition.LayerNorm(p[(r * columns)..((r + 1) * columns)], p[n..(n + columns)], p[(n + columns)..],
                Epsilon).Y;
            for (var c = 0; c < columns; c++)
                loss += y[c] * g[r * columns + c];
        }

        return loss;
    }

    private static double[] Ones(int count) => [.. Enumerable.Repeat(1.0, count)];
}
