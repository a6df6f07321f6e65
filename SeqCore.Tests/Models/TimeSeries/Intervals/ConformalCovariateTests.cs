using SeqCore.Models;
using Series = SeqCore.Models.TimeSeries;

namespace SeqCore.Tests.Models.TimeSeries.Intervals;

public sealed class ConformalCovariateTests : IDisposable
{
    private static readonly SamplingInterval day = SamplingInterval.Of(TimeSpan.FromDays(1));
    private static readonly ConformalOptions once = new() { Horizon = 4, Slides = false };
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Margins_are_the_errors_of_forecasts_that_read_the_covariates()
    {
        // Sales are the price and an error: none for training, then 1 to 5. A forecast is the price.
        float[] prices = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100], errors = [0, 0, 0, 0, 0, 1, -2, 3, -4, 5];
        var series = new Series([.. prices.Zip(errors, (p, e) => (float[])[p, p + e]).SelectMany(v => v)], ["price", "sales"]);
        using var forecaster = new ConformalForecaster(new PriceForecaster(),
            new ConformalOptions { Horizon = 2, Calibration = 0.5, Slides = false });
        forecaster.Fit(series);
        var ahead = new Series([7f, 8f, 9f], ["price"]);

        // Five errors are of the first step, 1 to 5; four of the second, 2 to 5. Ranks are ceil(6 p) and ceil(5 p).
        var next = forecaster.ForecastIntervals(2, ahead, 0.6, 0.8);
        next[0].Point.Channels.Should().Equal("sales");
        next[0].Point.Values.ToArray().Should().Equal(7, 8);
        next[0].Upper.Values.ToArray().Should().Equal(7 + 4, 8 + 4);
        next[1].Lower.Values.ToArray().Should().Equal(7 - 5, 8 - 5);
        FluentActions.Invoking(() => forecaster.ForecastInterval(2, 5 / 6.0, ahead)).Should().Throw<DataSourceException>()
            .WithMessage("*there are fewer for channel 'sales' at step 2 of the horizon*");

        // Later errors do not move intervals that are calibrated once.
        forecaster.Update(new Series([7f, 107f], ["price", "sales"]));
        forecaster.ForecastInterval(1, 0.8, new Series([3f], ["price"])).Upper[0, 0].Should().Be(3 + 5);
        forecaster.Forecast(3, ahead).Values.ToArray().Should().Equal(7, 8, 9);
    }

    [Fact]
    public void Intervals_hold_and_are_narrower_with_covariates_and_keep_their_bits()
    {
        var series = Shop(900);
        using var without = new ConformalForecaster(Network([]), once);
        using var with = new ConformalForecaster(Network(["price"]), once);
        without.Fit(series.Slice(0, 600).Select("sales"));
        with.Fit(series.Slice(0, 600));
        with.Covariates.Should().Equal("price");
        with.Save(folder.File("shop"));
        var later = series.Slice(600, 300);
        var blind = RollingOrigin.EvaluateIntervals(without, later.Select("sales"), horizon: 4, [0.8]);
        var rolled = RollingOrigin.EvaluateIntervals(with, later, horizon: 4, [0.8]);
        rolled.Coverage(0.8).Should().BeInRange(0.74, 0.86);
        rolled.MeanWidth(0.8).Should().BeLessThan(0.6 * blind.MeanWidth(0.8));

        using var loaded = (ConformalForecaster)Forecaster.LoadAny(folder.File("shop"));
        for (var t = 0; t < 8; t++)
            loaded.Update(later.Slice(t, 1));
        var (again, expected) = (loaded.ForecastInterval(4, 0.8, later.Slice(8, 4)), rolled.Forecasts[8][0]);
        again.Lower.Values.ToArray().Should().Equal(expected.Lower.Values.ToArray());
        again.Upper.Values.ToArray().Should().Equal(expected.Upper.Values.ToArray());
        again.Point.Values.ToArray().Should().Equal(loaded.Forecast(4, later.Slice(8, 9)).Values.ToArray());
    }

    [Fact]
    public void What_cannot_be_known_in_advance_is_told()
    {
        Refused(() => new ConformalForecaster(Network(["price"])), "ConformalForecaster: Slides forecasts after each step that"
            + " comes, when the covariates 'price' of later steps are not known. Set it to false*");
        Refused(() => new ConformalForecaster(new PriceForecaster(0.1, 0.5, 0.9), once),
            "ConformalForecaster: quantiles cannot be forecast with the covariates 'price'*");
        var series = Shop(200);
        using var forecaster = new ConformalForecaster(new PriceForecaster(), once);
        forecaster.Fit(series.Slice(0, 100));
        Refused(() => forecaster.ForecastInterval(4, 0.8),
            "ConformalForecaster: it reads 'price', which should be known for the steps that it forecasts*");
        Refused(() => forecaster.ForecastInterval(4, 0.8, series.Slice(101, 4)), "*should start at 2024-04-10 00:00:00*");
        Refused(() => forecaster.ForecastInterval(4, 0.8, series.Slice(100, 3)),
            "ConformalForecaster: the covariates have 3 steps; a forecast of 4 needs as many.*");
        using var naive = new ConformalForecaster(new NaiveForecaster(), once);
        naive.Fit(series.Slice(0, 100));
        Refused(() => naive.ForecastInterval(4, 0.8, series.Slice(100, 4)), "ConformalForecaster: it reads no covariates*");
    }

    private static void Refused(Action act, string message) => act.Should().Throw<ArgumentException>().WithMessage(message);

    private static NetworkForecaster Network(IReadOnlyList<string> covariates) => new(channels: 1, new NetworkForecasterOptions
    {
        Network = ForecastNetworkKind.Gru,
        LookBack = 5,
        Horizon = 4,
        HiddenSize = 16,
        Layers = 1,
        Covariates = covariates,
        Training = new ForecastTrainingOptions { LearningRate = 0.02f, BatchSize = 16, Epochs = 8 },
    }, new RandomGenerator(1));

    /// <summary>Sales of a shop, by the day of the week and a price at random.</summary>
    private static Series Shop(int length)
    {
        var random = new RandomGenerator(5);
        var values = new float[2 * length];
        for (var t = 0; t < length; t++)
        {
            var price = random.NextSingle();
            (values[2 * t], values[(2 * t) + 1]) = (10 + (t % 7) - (8 * price) + random.NextSingle(), price);
        }

        return new Series(values, ["sales", "price"], new DateTime(2024, 1, 1), day);
    }

    /// <summary>Forecasts that the next values are the prices.</summary>
    private sealed class PriceForecaster(params IReadOnlyList<double> probabilities) : Forecaster
    {
        public override IReadOnlyList<string> Covariates => ["price"];

        public override IReadOnlyList<double>? Quantiles => probabilities.Count > 0 ? probabilities : null;

        protected internal override string OptionsJson => "{}";

        protected override void FitTo(Series training, CancellationToken cancellation)
        {
        }

        protected override float[] Predict(int horizon) => throw new NotSupportedException();

        protected override float[] Predict(int horizon, Series? covariates) =>
            [.. covariates!.Slice(0, horizon).Values];

        protected override void Observe(Series later)
        {
        }
    }
}
