using SeqCore.Models;
using Series = SeqCore.Models.TimeSeries;

namespace SeqCore.Tests.Models.TimeSeries.Networks;

public sealed class NetworkForecasterTests : IDisposable
{
    private static readonly NetworkForecasterOptions small = new()
    {
        LookBack = 24,
        Horizon = 6,
        Period = 6,
        HiddenSize = 32,
        Layers = 1,
        Training = new ForecastTrainingOptions { LearningRate = 0.02f, BatchSize = 16, Epochs = 8 },
    };

    private readonly TemporaryFolder folder = new();

    public static TheoryData<ForecastNetworkKind> Kinds => [.. Enum.GetValues<ForecastNetworkKind>()];

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Fitted_networks_beat_the_naive_forecast_and_repeat_their_bits(ForecastNetworkKind kind)
    {
        var series = Noisy(600);
        var (training, test) = (series.Slice(0, 500), series.Slice(500, 100));
        using var network = New(kind);
        network.Fit(training);
        network.Save(folder.File(kind.ToString()));
        using var naive = new NaiveForecaster();
        naive.Fit(training);
        var own = RollingOrigin.Evaluate(network, test, horizon: 6);
        own.MeanAbsoluteError.Should().BeLessThan(RollingOrigin.Evaluate(naive, test, horizon: 6).MeanAbsoluteError / 2);

        // Fitted again, and loaded from the file, and updated at once instead of step by step.
        using var again = New(kind);
        again.Fit(training);
        using var loaded = NetworkForecaster.Load(folder.File(kind.ToString()));
        again.Update(test);
        loaded.Update(test);
        var expected = network.Forecast(20).Values.ToArray();
        again.Forecast(20).Values.ToArray().Should().Equal(expected);
        loaded.Forecast(20).Values.ToArray().Should().Equal(expected);
        expected.Should().HaveCount(40).And.OnlyContain(v => float.IsFinite(v));
        loaded.Forecast(1).Start.Should().Be(series.TimeAt(600));
    }

    [Fact]
    public void A_fit_that_is_ended_or_refused_changes_nothing()
    {
        using var network = New(ForecastNetworkKind.DLinear);
        network.Fit(Noisy(200));
        var before = network.Forecast(6).Values.ToArray();
        using var ended = new CancellationTokenSource();
        ended.Cancel();
        FluentActions.Invoking(() => network.Fit(Noisy(300), ended.Token)).Should().Throw<OperationCanceledException>();
        FluentActions.Invoking(() => network.Fit(Noisy(30))).Should().Throw<DataSourceException>()
            .WithMessage("*window of 30 steps*");
        FluentActions.Invoking(() => network.Fit(Noisy(200).Select("a"))).Should().Throw<ArgumentException>()
            .WithMessage("*it forecasts 2 channels; the series has 1*");
        network.Forecast(6).Values.ToArray().Should().Equal(before);
    }

    [Fact]
    public void Missing_values_are_left_out_of_training_and_replaced_by_the_one_before()
    {
        var values = Noisy(300).Values.ToArray();
        values[201] = float.NaN;
        values[^1] = float.NaN;
        using var network = New(ForecastNetworkKind.NLinear);
        network.Fit(new Series(values, ["a", "b"]));
        var forecast = network.Forecast(6).Values.ToArray();
        forecast.Should().OnlyContain(v => float.IsFinite(v));
        values[^1] = values[^3];
        using var filled = New(ForecastNetworkKind.NLinear);
        filled.Fit(new Series(values, ["a", "b"]).Slice(0, 299));
        filled.Update(new Series(values, ["a", "b"]).Slice(299, 1));
        network.Update(new Series([1, 2], ["a", "b"]));
        network.Forecast(1).Values.ToArray().Should().OnlyContain(v => float.IsFinite(v));
    }

    [Theory]
    [InlineData(ForecastNetworkKind.DLinear)]
    [InlineData(ForecastNetworkKind.Convolution)]
    [InlineData(ForecastNetworkKind.AutoregressiveRnn)]
    [InlineData(ForecastNetworkKind.EncoderDecoder)]
    public void A_run_that_is_resumed_gives_the_same_bits(ForecastNetworkKind kind)
    {
        var split = TimeSplit.Of(Noisy(300), validation: 60, lookBack: 24);
        byte[] Train(string name, params long[] stops)
        {
            NetworkForecaster? model = null;
            foreach (var steps in stops)
            {
                model?.Dispose();
                model = New(kind, dropout: kind == ForecastNetworkKind.DLinear ? 0f : 0.2f);
                using var task = new ForecastTask(model, split.Training, split.Validation!, batchSize: 16, seed: 3);
                using var adam = new Adam(model.Network.Parameters());
                var trainer = new Trainer(task, adam, new TrainerOptions { Steps = steps, Folder = folder.File(name) });
                trainer.Resume();
                trainer.Run();
            }

            using (model)
                model!.Save(folder.File(name + ".safetensors"));
            return File.ReadAllBytes(folder.File(name + ".safetensors"));
        }

        Train("resumed", 10, 30).Should().Equal(Train("whole", 30));
    }

    private static NetworkForecaster New(ForecastNetworkKind kind, float dropout = 0f) =>
        new(channels: 2, small with { Network = kind, Dropout = dropout }, new RandomGenerator(1));

    /// <summary>Two channels with a period of six hours, a slow drift and noise.</summary>
    private static Series Noisy(int length)
    {
        var random = new RandomGenerator(7);
        float[] values = [.. Enumerable.Range(0, 2 * length).Select(i =>
            (float)(Math.Sin(i / 2 * Math.Tau / 6) + (0.3 * (i % 2)) + (0.002 * i) + (0.4 * (random.NextSingle() - 0.5))))];
        return new Series(values, ["a", "b"], new DateTime(2024, 1, 1), SamplingInterval.Of(TimeSpan.FromHours(1)));
    }
}
