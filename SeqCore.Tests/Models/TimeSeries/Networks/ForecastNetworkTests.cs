using SeqCore.Models;

namespace SeqCore.Tests.Models.TimeSeries.Networks;

public sealed class ForecastNetworkTests
{
    private const int LookBack = 30, Horizon = 10, Channels = 2, Period = 4;

    private static readonly NetworkForecasterOptions small = new()
    {
        LookBack = LookBack,
        Horizon = Horizon,
        HiddenSize = 8,
        HeadCount = 2,
        PatchLength = 6,
        PatchStride = 4,
    };

    public static TheoryData<ForecastNetworkKind> Kinds => [.. Enum.GetValues<ForecastNetworkKind>()];

    [Fact]
    public void DLinear_is_its_definition()
    {
        using var network = new DLinear(LookBack, Horizon, Channels, new RandomGenerator(1));
        Compare(network, (x, h, weights) =>
        {
            double Average(int t) => Enumerable.Range(t - 12, 25).Average(i => x[Math.Clamp(i, 0, LookBack - 1)]);
            return weights("trend.bias", h, 0) + weights("remainder.bias", h, 0) + Enumerable.Range(0, LookBack)
                .Sum(t => (weights("trend.weight", h, t) * Average(t))
                    + (weights("remainder.weight", h, t) * (x[t] - Average(t))));
        });
    }

    [Fact]
    public void NLinear_is_its_definition()
    {
        using var network = new NLinear(LookBack, Horizon, Channels, new RandomGenerator(1));
        Compare(network, (x, h, weights) => x[^1] + weights("line.bias", h, 0)
            + Enumerable.Range(0, LookBack).Sum(t => weights("line.weight", h, t) * (x[t] - x[^1])));
    }

    [Fact]
    public void PeriodLinear_is_its_definition()
    {
        using var network = new PeriodLinear(LookBack, Horizon, Channels, Period, new RandomGenerator(1));
        Compare(network, (x, h, weights) =>
        {
            // 28 of the 30 steps are whole periods; five taps around each step, with zeros outside.
            var mean = x.Average();
            double[] read = [.. x.Skip(2).Select(v => v - mean)];
            double Around(int t) => read[t] + Enumerable.Range(-2, 5).Where(k => t + k >= 0 && t + k < read.Length)
                .Sum(k => weights("around.weight", 0, k + 2) * read[t + k]);
            return mean + Enumerable.Range(0, 7)
                .Sum(n => weights("line.weight", h / Period, n) * Around((n * Period) + (h % Period)));
        });
    }

    [Fact]
    public void Reversible_normalization_takes_shifts_and_scales_away()
    {
        using var scope = new TensorScope();
        using var network = new PatchTransformer(small, Channels, new RandomGenerator(1));
        network.Evaluate();
        var past = Tensor.RandomNormal([2, LookBack, Channels], new RandomGenerator(2));
        var forecast = network.Forward(past).Value;
        var shifted = network.Forward((past * 3f) + 50f).Value;
        shifted.ToArray().Zip(forecast.ToArray()).Should()
            .AllSatisfy(p => p.First.Should().BeApproximately((3f * p.Second) + 50f, 1e-3f));
        network.PatchCount.Should().Be(8, "of steps 0 to 5, 4 to 9 and so on, and one that is filled with the last value");
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 1)]
    [InlineData(6, 2)]
    [InlineData(30, 4)]
    [InlineData(125, 5)]
    public void Convolutions_read_the_whole_window(int lookBack, int blocks)
    {
        using var scope = new TensorScope();
        var options = small with { LookBack = lookBack, Layers = 1 };
        using var network = new ConvolutionForecast(options, Channels, new RandomGenerator(1));
        network.BlockCount.Should().Be(blocks);
        network.ReceptiveField.Should().BeGreaterThanOrEqualTo(lookBack);
        using var tape = new Tape();
        var past = new Variable(Tensor.RandomNormal([1, lookBack, Channels], new RandomGenerator(2)), requiresGradient: true);
        tape.Backward(network.Forward(past).Square().Sum());
        past.Gradient!.Slice(1, 0, 1).ToArray().Should().NotContain(0f, "the first step matters");
        using var more = new ConvolutionForecast(options with { Layers = blocks + 2 }, Channels, new RandomGenerator(1));
        more.BlockCount.Should().Be(blocks + 2);
    }

    [Fact]
    public void Networks_that_go_step_by_step_forecast_the_same_steps_whatever_the_horizon()
    {
        ForecastNetwork[] Of(int horizon) =>
        [
            new AutoregressiveForecast(RecurrentKind.Lstm, small with { Horizon = horizon }, Channels, new RandomGenerator(1)),
            new EncoderDecoderForecast(small with { Horizon = horizon }, Channels, new RandomGenerator(1)),
        ];
        using var scope = new TensorScope();
        var past = Tensor.RandomNormal([2, LookBack, Channels], new RandomGenerator(2));
        foreach (var (near, far) in Of(4).Zip(Of(Horizon)))
        {
            using (near)
            using (far)
            {
                var steps = far.Forward(past).Value;
                steps.Slice(1, 0, 4).ToArray().Should().Equal(near.Forward(past).Value.ToArray());
                steps.Slice(1, 8, 1).ToArray().Should().NotEqual(steps.Slice(1, 9, 1).ToArray());
            }
        }
    }

    [Theory]
    [InlineData(ForecastNetworkKind.PatchTransformer)]
    [InlineData(ForecastNetworkKind.Rnn)]
    [InlineData(ForecastNetworkKind.Convolution)]
    [InlineData(ForecastNetworkKind.AutoregressiveLstm)]
    [InlineData(ForecastNetworkKind.EncoderDecoder)]
    public void Dropout_acts_in_training_also_with_one_layer(ForecastNetworkKind kind)
    {
        using var scope = new TensorScope();
        var options = small with { Network = kind, Layers = 1, Dropout = 0.5f };
        using var network = ForecastNetwork.New(options, Channels, new RandomGenerator(1));
        var past = Tensor.RandomNormal([2, LookBack, Channels], new RandomGenerator(2));
        using var tape = new Tape();
        float[] Forecast() => network.Forward(past).Value.ToArray();
        Forecast().Should().NotEqual(Forecast());
        network.Evaluate();
        Forecast().Should().Equal(Forecast());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Their_gradients_are_right(ForecastNetworkKind kind)
    {
        // Short windows, so that no gradient is small against the rounding of the forecasts; and few ReLUs, so that none has its
        // bend near a value.
        var options = small with { LookBack = 8, Horizon = 3, HiddenSize = kind == ForecastNetworkKind.Convolution ? 2 : 8 };
        using var network = New(kind, options);
        var past = Tensor.RandomNormal([1, 8, Channels], new RandomGenerator(3));
        GradientCheck.Run(x => network.Forward(x[0]), [past]);
    }

    [Fact]
    public void Wrong_windows_are_told()
    {
        foreach (ForecastNetworkKind kind in Kinds)
        {
            using var network = New(kind, small);
            FluentActions.Invoking(() => network.Forward(Tensor.Zeros([2, LookBack, 3]))).Should().Throw<ShapeException>()
                .WithMessage("*: past should have shape (B, 30, 2)*; got (2, 30, 3)*");
        }

        FluentActions.Invoking(() => new PeriodLinear(3, 1, 1, 4, new RandomGenerator(1))).Should().Throw<ArgumentException>()
            .WithMessage("*lookBack should be at least 4*");
    }

    private static ForecastNetwork New(ForecastNetworkKind kind, NetworkForecasterOptions options) =>
        ForecastNetwork.New(options with { Network = kind, Period = Period }, Channels, new RandomGenerator(1));

    private static void Compare(ForecastNetwork network, Func<double[], int, Func<string, int, int, double>, double> definition)
    {
        using var scope = new TensorScope();
        var past = Tensor.RandomNormal([3, LookBack, Channels], new RandomGenerator(2));
        var forecast = network.Forward(past).Value.ToArray();
        var weights = network.StateDictionary()
            .ToDictionary(w => w.Key, w => (Values: w.Value.ToArray(), Row: w.Value.Shape[^1]));
        var values = past.ToArray();
        for (var b = 0; b < 3; b++)
        {
            for (var c = 0; c < Channels; c++)
            {
                double[] x = [.. Enumerable.Range(0, LookBack)
                    .Select(t => (double)values[(((b * LookBack) + t) * Channels) + c])];
                for (var h = 0; h < Horizon; h++)
                {
                    forecast[(((b * Horizon) + h) * Channels) + c].Should().BeApproximately((float)definition(x, h,
                        (name, row, column) => name.EndsWith("bias", StringComparison.Ordinal)
                            ? weights[name].Values[row]
                            : weights[name].Values[(row * weights[name].Row) + column]), 1e-4f);
                }
            }
        }
    }
}
