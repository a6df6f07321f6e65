using SeqCore.Models;
using Series = SeqCore.Models.TimeSeries;

namespace SeqCore.Tests.Models.TimeSeries.Networks;

public sealed class CovariateTests : IDisposable
{
    private static readonly SamplingInterval day = SamplingInterval.Of(TimeSpan.FromDays(1));

    private static readonly NetworkForecasterOptions small = new()
    {
        LookBack = 5,
        Horizon = 4,
        HiddenSize = 16,
        Layers = 1,
        Training = new ForecastTrainingOptions { LearningRate = 0.02f, BatchSize = 16, Epochs = 8 },
    };

    private static readonly NetworkForecasterOptions both = small with
    {
        Network = ForecastNetworkKind.Gru,
        Covariates = ["price", "open"],
        Calendar = [CalendarFeature.DayOfWeek, CalendarFeature.DayOfMonth],
    };

    private readonly TemporaryFolder folder = new();

    public static TheoryData<ForecastNetworkKind> Readers => [.. Enum.GetValues<ForecastNetworkKind>().Where(Reads)];

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(ForecastNetworkKind.Gru)]
    [InlineData(ForecastNetworkKind.Convolution)]
    [InlineData(ForecastNetworkKind.AutoregressiveGru)]
    [InlineData(ForecastNetworkKind.EncoderDecoder)]
    public void Covariates_and_calendar_make_forecasts_better(ForecastNetworkKind kind)
    {
        var series = Shop(400);
        double ErrorOf(NetworkForecasterOptions options, Series table)
        {
            using var forecaster = New(options with { Network = kind });
            forecaster.Fit(table.Slice(0, 320));
            return RollingOrigin.Evaluate(forecaster, table.Slice(320, 80), horizon: 4).MeanAbsoluteError;
        }

        var without = ErrorOf(small, series.Select("sales"));
        var calendar = ErrorOf(small with { Calendar = [CalendarFeature.DayOfWeek] }, series.Select("sales"));
        calendar.Should().BeLessThan(0.95 * without);
        ErrorOf(both, series).Should().BeLessThan(0.8 * calendar);
    }

    [Theory]
    [MemberData(nameof(Readers))]
    public void Forecasts_repeat_their_bits_after_saving_and_updates(ForecastNetworkKind kind)
    {
        var series = Shop(200);
        var options = both with { Network = kind, Training = both.Training with { Epochs = 1 } };
        using var forecaster = New(options);
        forecaster.Fit(series.Slice(0, 150));
        forecaster.Save(folder.File("shop"));
        using var loaded = NetworkForecaster.Load(folder.File("shop"));
        loaded.Covariates.Should().Equal("price", "open");
        forecaster.Update(series.Slice(150, 30));
        for (var t = 150; t < 180; t++)
            loaded.Update(series.Slice(t, 1));

        // Ten steps are three forecasts of the network; what is known of later ones does not matter.
        var expected = forecaster.Forecast(10, series.Slice(180, 10));
        var again = loaded.Forecast(10, series.Slice(180, 20).Select("open", "price"));
        again.Values.ToArray().Should().Equal(expected.Values.ToArray());
        forecaster.Forecast(3, series.Slice(180, 3)).Values.ToArray().Should().Equal(expected.Slice(0, 3).Values.ToArray());
        (again.Channels.Single(), again.Start, again.Length).Should().Be(("sales", series.TimeAt(180), 10));

        // The price of the second step moves that step.
        var values = series.Slice(180, 10).Values.ToArray();
        values[4] += 5;
        var other = forecaster.Forecast(10, new Series(values, series.Channels, series.TimeAt(180), day));
        other[1, 0].Should().NotBe(expected[1, 0]);
        other[0, 0].Should().Be(expected[0, 0]);
    }

    [Fact]
    public void Rolling_forecasts_take_the_covariates_of_each_origin()
    {
        var series = Shop(200);
        using var forecaster = New(both);
        forecaster.Fit(series.Slice(0, 150));
        forecaster.Save(folder.File("shop"));
        var rolled = RollingOrigin.Evaluate(forecaster, series.Slice(150, 12), horizon: 4, stride: 8);
        using var again = NetworkForecaster.Load(folder.File("shop"));
        var first = again.Forecast(4, series.Slice(150, 4));
        again.Update(series.Slice(150, 8));
        var second = again.Forecast(4, series.Slice(158, 4));
        rolled.Forecasts[0].Values.ToArray().Should().Equal(first.Values.ToArray());
        rolled.Forecasts[1].Values.ToArray().Should().Equal(second.Values.ToArray());
        float[] sales = [.. series.Slice(150, 4).Select("sales").Values, .. series.Slice(158, 4).Select("sales").Values];
        rolled.MeanAbsoluteError.Should().BeApproximately(
            ForecastMetrics.MeanAbsoluteError(sales, [.. first.Values, .. second.Values]), 1e-6);
        rolled.MeanAbsoluteScaledError(channel: 0, series.Slice(0, 150), season: 7).Should().BeApproximately(
            rolled.MeanAbsoluteError / ForecastMetrics.SeasonalScale(series.Slice(0, 150).Select("sales").Values, 7), 1e-6);
    }

    [Fact]
    public void A_fit_that_is_ended_keeps_the_covariates()
    {
        var series = Shop(200);
        using var forecaster = New(both);
        forecaster.Fit(series.Slice(0, 150));
        var before = forecaster.Forecast(4, series.Slice(150, 4)).Values.ToArray();
        using var ended = new CancellationTokenSource();
        ended.Cancel();
        FluentActions.Invoking(() => forecaster.Fit(Shop(190), ended.Token)).Should().Throw<OperationCanceledException>();
        forecaster.Forecast(4, series.Slice(150, 4)).Values.ToArray().Should().Equal(before);
    }

    [Fact]
    public void Missing_covariates_are_left_out_of_training_and_replaced_by_the_one_before()
    {
        // The price of step 50 is missing, and that of step 99, which comes later.
        var values = Shop(120).Values.ToArray();
        (values[151], values[298]) = (float.NaN, float.NaN);
        var series = new Series(values, Shop(1).Channels, new DateTime(2024, 1, 1), day);
        using var forecaster = New(both);
        using (var task = new ForecastTask(forecaster, series.Slice(0, 60), series.Slice(55, 30), batchSize: 4, seed: 1))
            task.BatchesPerPass.Should().Be((60 - 8 - 9 + 3) / 4, "of 52 windows, nine have the missing price");
        forecaster.Fit(series.Slice(0, 99));
        forecaster.Save(folder.File("shop"));
        using var loaded = NetworkForecaster.Load(folder.File("shop"));
        forecaster.Update(series.Slice(99, 1));
        loaded.Update(new Series([values[297], values[295], values[299]], series.Channels, series.TimeAt(99), day));
        var expected = forecaster.Forecast(4, series.Slice(100, 4)).Values.ToArray();
        expected.Should().OnlyContain(v => float.IsFinite(v));
        loaded.Forecast(4, series.Slice(100, 4)).Values.ToArray().Should().Equal(expected);
    }

    [Fact]
    public void Covariates_that_do_not_fit_are_told()
    {
        var series = Shop(100);
        using var forecaster = New(both);
        Refused(() => forecaster.Fit(series.Select("sales", "price")),
            "NetworkForecaster: the series has no channel 'open', which Covariates lists; its channels are 'sales', 'price'.*");
        Refused(() => forecaster.Fit(new Series(series.Values.ToArray(), series.Channels)),
            "NetworkForecaster: Calendar needs the times of the steps*Give it a start and an interval.*");
        Refused(() => forecaster.Fit(new Series(new float[400], ["sales", "price", "open", "more"], series.Start, day)),
            "NetworkForecaster: it forecasts 1 channel beside 2 covariates; the series has 4.*");
        forecaster.Fit(series.Slice(0, 80));
        Refused(() => forecaster.Forecast(4),
            "NetworkForecaster: it reads 'price', 'open', which should be known for the steps that it forecasts.*");
        Refused(() => forecaster.Forecast(4, series.Slice(81, 4)), "*should start at 2024-03-21 00:00:00*");
        Refused(() => forecaster.Forecast(4, series.Slice(80, 3)),
            "NetworkForecaster: the covariates have 3 steps; a forecast of 4 needs as many.*");
        Refused(() => forecaster.Forecast(4, series.Slice(80, 4).Select("price")), "*there is no channel 'open'*");
        var values = series.Slice(80, 4).Values.ToArray();
        values[7] = float.NaN;
        Refused(() => forecaster.Forecast(4, new Series(values, series.Channels, series.TimeAt(80), day)),
            "NetworkForecaster: the covariate 'price' has no value at step 2 of the forecast;*");
        using var naive = new NaiveForecaster();
        naive.Fit(series.Slice(0, 80));
        Refused(() => naive.Forecast(4, series.Slice(80, 4)),
            "NaiveForecaster: it reads no covariates; call Forecast(horizon).*");
        Refused(() => New(both with { Covariates = ["price", "price"] }),
            "NetworkForecaster: Covariates should list each name once; got price, price.*");
    }

    [Fact]
    public void Networks_without_covariates_refuse_them()
    {
        foreach (var kind in Enum.GetValues<ForecastNetworkKind>().Where(k => !Reads(k)))
        {
            var message = $"{kind}: it reads no covariates, and Covariates or Calendar lists some. Use another network*";
            Refused(() => New(both with { Network = kind, PatchLength = 2, Covariates = [] }), message);
            Refused(() => New(both with { Network = kind, PatchLength = 2, Calendar = [] }), message);
        }
    }

    [Theory]
    [MemberData(nameof(Readers))]
    public void Gradients_of_covariates_are_right_and_wrong_shapes_told(ForecastNetworkKind kind)
    {
        var options = both with { Network = kind, HiddenSize = kind == ForecastNetworkKind.Convolution ? 2 : 8 };
        using var network = ForecastNetwork.New(options, 1, new RandomGenerator(1));
        network.CovariateCount.Should().Be(6);
        Tensor[] inputs = [Tensor.RandomNormal([1, 5, 1], new RandomGenerator(2)),
            Tensor.RandomNormal([1, 9, 6], new RandomGenerator(3))];
        GradientCheck.Run(x => network.Forward(x[0], x[1]), inputs);
        FluentActions.Invoking(() => network.Forward(inputs[0], Tensor.Zeros([1, 5, 6]))).Should().Throw<ShapeException>()
            .WithMessage("*known should have shape (B, L + H, K) = (1, 9, 6)*; got (1, 5, 6)*");
        Refused(() => network.Forward(inputs[0]), "*it reads 6 covariates of each step; give them as known.*");
        using var without = ForecastNetwork.New(small with { Network = kind }, 1, new RandomGenerator(1));
        Refused(() => without.Forward(inputs[0], inputs[1]), "*it reads no covariates; leave known out.*");
    }

    private static void Refused(Action act, string message) => act.Should().Throw<ArgumentException>().WithMessage(message);

    private static bool Reads(ForecastNetworkKind kind) => kind is not (ForecastNetworkKind.DLinear or ForecastNetworkKind.NLinear
        or ForecastNetworkKind.PeriodLinear or ForecastNetworkKind.PatchTransformer);

    private static NetworkForecaster New(NetworkForecasterOptions options) => new(channels: 1, options, new RandomGenerator(1));

    /// <summary>Sales of a shop, by the day of the week, a price at random, and whether it is open at all.</summary>
    private static Series Shop(int length)
    {
        var random = new RandomGenerator(5);
        var values = new float[3 * length];
        for (var t = 0; t < length; t++)
        {
            var (price, open) = (random.NextSingle(), random.NextSingle() < 0.9f ? 1f : 0f);
            var demand = 10 + (2 * (t % 7)) - (8 * price) + (0.3f * random.NextSingle());
            (values[3 * t], values[(3 * t) + 1], values[(3 * t) + 2]) = (open * demand, price, open);
        }

        return new Series(values, ["sales", "price", "open"], new DateTime(2024, 1, 1), day);
    }
}
