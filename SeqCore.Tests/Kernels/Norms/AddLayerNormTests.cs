using SeqCore.Kernels;
using SeqCore.Kernels.Norms;
using SeqCore.Tests.Kernels.Rows;
using static SeqCore.Tests.Kernels.Rows.Numbers;

namespace SeqCore.Tests.Kernels.Norms;

public unsafe class AddLayerNormTests
{
    private const int Rows = 3;
    private const float Epsilon = 1e-3f;

    public static TheoryData<int> AllWidths => [.. Widths];

    [Theory, MemberData(nameof(AllWidths))]
    public void A_residual_is_added_before_the_norm_and_the_gradient_of_the_sum_after_it(int width)
    {
        foreach (var columns in AwkwardLengths)
        {
            using var arena = new Arena(2);
            float[] x = Normal(Rows * columns, columns), more = Normal(x.Length, 3), total = [.. x.Zip(more, (a, b) => a + b)];
            DeviceSpan<float> sum = arena.Output(x.Length), w = arena.Put(Normal(columns, 4)), g = arena.Put(Normal(x.Length, 5));
            var (y, mean, rstd) = Forward(arena, width, arena.Put(x), w, arena.Put(more), sum, columns);
            var (plain, _, _) = Forward(arena, width, arena.Put(total), w, default, default, columns);
            sum.AsHostSpan().ToArray().Should().Equal(total);
            Bits(y).Should().Equal(Bits(plain));

            var through = Backward(arena, width, sum, w, mean, rstd, g, default, columns).AsHostSpan().ToArray();
            var expected = through.Select((v, i) => v + (double)more[i]).ToArray();
            ShouldBeNear(Backward(arena, width, sum, w, mean, rstd, g, arena.Put(more), columns).AsHostSpan(), expected, 2e-7,
                3e-7, $"dX, {columns} columns");
        }
    }

    [Theory, MemberData(nameof(AllWidths))]
    public void Dropout_before_the_residual_has_the_bits_of_the_operation(int width)
    {
        const float Probability = 0.3f;
        var stream = new RandomStream(7, 1UL << 33);
        foreach (var columns in (int[])[.. AwkwardLengths, 1027])
        {
            using var arena = new Arena(2);
            DeviceSpan<float> x = arena.Put(Normal(Rows * columns, 1)), more = arena.Put(Normal(Rows * columns, 2)),
                w = arena.Put(Normal(columns, 3)), dropped = arena.Output(x.Length), expected = arena.Output(x.Length),
                sum = arena.Output(x.Length);
            arena.Backend.Dropout(x, dropped, Probability, stream);
            var (plain, _, _) = Forward(arena, width, dropped, w, more, expected, columns);
            var (y, _, _) = Forward(arena, width, x, w, more, sum, columns, Probability, stream);
            Bits(sum).Should().Equal(Bits(expected), $"{columns} columns");
            Bits(y).Should().Equal(Bits(plain), $"{columns} columns");
        }
    }

    [Fact]
    public void Dropout_needs_a_residual_and_a_probability_below_1()
    {
        using var arena = new Arena(1);
        var x = arena.Put(Normal(4, 1));
        void Run(float probability, DeviceSpan<float> residual) => arena.Backend.RmsNorm(new()
        {
            X = x, Y = x, Rows = 1, Columns = 4, Epsilon = Epsilon, Residual = residual, Sum = residual, Dropout = probability,
        });
        ((Action)(() => Run(0.5f, default))).Should().Throw<ArgumentException>()
            .WithMessage("RmsNorm: dropout needs a residual*");
        foreach (var p in (float[])[-0.1f, 1f, float.NaN])
        {
            ((Action)(() => Run(p, arena.Output(4)))).Should().Throw<ArgumentException>()
                .WithMessage($"RmsNorm: the probability of dropout should be at least 0 and below 1; got {p}.");
        }
    }

    private static (DeviceSpan<float> Y, DeviceSpan<float> Mean, DeviceSpan<float> Rstd) Forward(Arena arena, int width,
        DeviceSpan<float> x, DeviceSpan<float> weight, DeviceSpan<float> residual, DeviceSpan<float> sum, int columns,
        float dropout = 0f, RandomStream stream = default)
    {
        DeviceSpan<float> y = arena.Output(x.Length), mean = arena.Output(Rows), rstd = arena.Output(Rows);
        if (width == 0)
            arena.Backend.LayerNorm(new()
            {
                X = x, Weight = weight, Bias = weight, Y = y, Mean = mean, Rstd = rstd, Rows = Rows,
                Columns = columns, Epsilon = Epsilon, Residual = residual, Sum = sum, Dropout = dropout, Stream = stream,
            });
        else
        {
            Run(width, new NormKernel<LayerNormKind>
            {
                X = x.Pointer(),
                Residual = residual.Pointer(),
                Sum = sum.Pointer(),
                Weight = weight.Pointer(),
                Bias = weight.Pointer(),
                Y = y.Pointer(),
                Mean = mean.Pointer(),
                Rstd = rstd.Pointer(),
                Columns = columns,
                EndRow = Rows,
                Epsilon = Epsilon,
                Dropout = dropout,
                Stream = stream,
            });
        }

        return (y, mean, rstd);
    }

    private static DeviceSpan<float> Backward(Arena arena, int width, DeviceSpan<float> x, DeviceSpan<float> weight,
        DeviceSpan<float> mean, DeviceSpan<float> rstd, DeviceSpan<float> dY, DeviceSpan<float> dSum, int columns)
    {
        var dX = arena.Output(x.Length);
        if (width == 0)
            arena.Backend.LayerNormGradient(new()
            {
                X = x, Weight = weight, Mean = mean, Rstd = rstd, DY = dY, DX = dX, Rows = Rows, Columns = columns,
                DSum = dSum,
            });
        else
        {
            Run(width, new NormGradientKernel<LayerNormKind>
            {
                X = x.Pointer(),
                Weight = weight.Pointer(),
                Mean = mean.Pointer(),
                Rstd = rstd.Pointer(),
                DY = dY.Pointer(),
                DSum = dSum.Pointer(),
                DX = dX.Pointer(),
                Columns = columns,
                EndRow = Rows,
            });
        }

        return dX;
    }
}
