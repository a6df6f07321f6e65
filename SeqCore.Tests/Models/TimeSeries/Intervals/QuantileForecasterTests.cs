using SeqCore.Models;
using Series = SeqCore.Models.TimeSeries;

namespace SeqCore.Tests.Models.TimeSeries.Intervals;

public sealed class QuantileForecasterTests : IDisposable
{
    private static readonly double[] probabilities = [0.1, 0.4, 0.9];
    private readonly TemporaryFolder folder = new();

    private static readonly ForecastNetworkKind[] stepByStep = [ForecastNetworkKind.AutoregressiveRnn,
        ForecastNetworkKind.AutoregressiveLstm, ForecastNetworkKind.AutoregressiveGru, ForecastNetworkKind.EncoderDecoder];

    public static TheoryData<ForecastNetworkKind> Kinds => [.. Enum.GetValues<ForecastNetworkKind>().Except(stepByStep)];

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Networks_that_read_their_own_forecasts_or_covariates_refuse_quantiles()
    {
        foreach (var kind in stepByStep)
        {
            FluentActions.Invoking(() => New(new NetworkForecasterOptions { Network = kind })).Should().Throw<ArgumentException>()
                .WithMessage($"QuantileNetwork: ForecastNetworkKind.{kind} forecasts step by step*ConformalForecaster*");
        }

        FluentActions.Invoking(() => New(new NetworkForecasterOptions
        {
            Network = ForecastNetworkKind.Gru,
            Calendar = [CalendarFeature.TimeOfDay],
        })).Should().Throw<ArgumentException>().WithMessage("QuantileNetwork: it reads no covariates*ConformalForecaster*");

        static NetworkForecaster New(NetworkForecasterOptions options) =>
            new(1, options with { LookBack = 8, Horizon = 4, Quantiles = probabilities }, new RandomGenerator(1));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Networks_learn_quantiles_and_keep_their_bits(ForecastNetworkKind kind)
    {
        var series = Noisy(700);
        using var network = New(kind);
        network.Fit(series.Slice(0, 500));
        network.Save(folder.File("model"));
        var rolled = RollingOrigin.EvaluateIntervals(network, series.Slice(500, 200), horizon: 5, [0.8]);
        rolled.Coverage(0.8).Should().BeInRange(0.7, 0.9);

        // Of the noise, uniform in a range of 0.6, the interval is 0.48 wide.
        rolled.MeanWidth(0.8).Should().BeInRange(0.4, 0.75);

        using var loaded = NetworkForecaster.Load(folder.File("model"));
        loaded.Options.Quantiles.Should().Equal(probabilities);
        loaded.Update(series.Slice(500, 200));
        var (expected, actual) = (network.ForecastQuantiles(13), loaded.ForecastQuantiles(13));
        for (var q = 0; q < 3; q++)
            actual.Quantiles[q].Values.ToArray().Should().Equal(expected.Quantiles[q].Values.ToArray());
        network.Forecast(13).Values.ToArray().Should().Equal(expected.Quantiles[1].Values.ToArray());
    }

    [Fact]
    public void Quantiles_that_cross_are_sorted()
    {
        // Untrained networks of several seeds: nothing keeps their outputs in order.
        var series = Noisy(60);
        var crossed = 0;
        for (var seed = 1ul; seed <= 5; seed++)
        {
            using var network = New(ForecastNetworkKind.DLinear, seed);
            network.Begin(series);
            using var scope = new TensorScope();
            var window = network.Scaler.Apply(series.Slice(60 - 24, 24)).Values;
            var outputs = network.Network.Forward(Tensor.FromSpan(window, [1, 24, 2])).Value.ToArray();
            var quantiles = network.ForecastQuantiles(5).Quantiles;
            for (var i = 0; i < 10; i++)
            {
                float[] raw = [outputs[i], outputs[10 + i], outputs[20 + i]];
                crossed += raw[0] <= raw[1] && raw[1] <= raw[2] ? 0 : 1;
                float[] values = [.. Enumerable.Range(0, 3).Select(q => network.Scaler.Apply(quantiles[q]).Values[i])];
                values.ShouldBeCloseTo([.. raw.Order()], 1e-5f, "quantiles");
            }
        }

        crossed.Should().BePositive();
    }

    [Fact]
    public void A_longer_forecast_reads_the_quantile_nearest_to_the_median()
    {
        var series = Noisy(300);
        using var network = New(ForecastNetworkKind.NLinear);
        network.Fit(series);
        var longer = network.ForecastQuantiles(12).Quantiles;
        var first = network.ForecastQuantiles(5).Quantiles;
        network.Update(first[1]);
        var second = network.ForecastQuantiles(5).Quantiles;
        for (var q = 0; q < 3; q++)
        {
            longer[q].Values[..10].ToArray().Should().Equal(first[q].Values.ToArray());
            longer[q].Values[10..20].ToArray().ShouldBeCloseTo(second[q].Values.ToArray(), 1e-5f, "second part");
        }
    }

    [Fact]
    public void Periods_begin_with_each_quantile()
    {
        // A horizon of 5 is no whole period of 6: a block of 6 steps for each quantile, of which 5 are used.
        using var network = New(ForecastNetworkKind.PeriodLinear);
        network.Network.Horizon.Should().Be(15);
        var weights = network.Network.StateDictionary();
        weights["offsets"].Shape.ToArray().Should().Equal(3, 5, 2);
        weights["shared.line.weight"].Shape.ToArray().Should().Equal(3, 4);
        using var scope = new TensorScope();
        var past = Tensor.FromSpan([.. Enumerable.Range(0, 48).Select(i => (float)(i / 2 % 6))], [1, 24, 2]);
        weights["shared.around.weight"].CopyFrom(new float[7]);
        weights["shared.line.weight"].CopyFrom([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1]);
        var forecast = network.Network.Forward(past).Value.ToArray();
        for (var i = 0; i < 30; i++)
            forecast[i].Should().BeApproximately(i % 10 / 2, 1e-5f);
    }

    [Theory]
    [InlineData(new double[0], "*Quantiles should not be empty*")]
    [InlineData(new[] { 0.5, 0.5 }, "*Quantiles should increase; 0.5 follows 0.5*")]
    [InlineData(new[] { 0.5, 1.0 }, "*Quantiles should be in (0, 1)*")]
    public void Wrong_quantiles_are_told(double[] quantiles, string message) =>
        FluentActions.Invoking(() => new NetworkForecaster(1, new() { Quantiles = quantiles }, new RandomGenerator(1))).Should()
            .Throw<ArgumentException>().WithMessage(message);

    private static NetworkForecaster New(ForecastNetworkKind kind, ulong seed = 1) => new(channels: 2, new()
    {
        Network = kind,
        LookBack = 24,
        Horizon = 5,
        Period = 6,
        HiddenSize = 16,
        Layers = 1,
        Quantiles = probabilities,
        Training = new ForecastTrainingOptions { LearningRate = 0.02f, Epochs = 6, BatchSize = 8 },
    }, new RandomGenerator(seed));

    /// <summary>Two channels with a period of six hours and uniform noise in a range of 0.6.</summary>
    private static Series Noisy(int length)
    {
        var random = new RandomGenerator(7);
        float[] values = [.. Enumerable.Range(0, 2 * length).Select(i =>
            (float)(Math.Sin(i / 2 * Math.Tau / 6) + (0.3 * (i % 2)) + (0.6 * (random.NextSingle() - 0.5))))];
        return new Series(values, ["a", "b"], new DateTime(2024, 1, 1), SamplingInterval.Of(TimeSpan.FromHours(1)));
    }
}
