using SeqCore.Models;
using Series = SeqCore.Models.TimeSeries;

namespace SeqCore.Tests.Models.TimeSeries.Intervals;

public sealed class ConformalForecasterTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public static TheoryData<string> Kinds => [.. Forecasters().Keys];

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(1, 500, true)]
    [InlineData(1, 20, true)]
    [InlineData(3, 12, true)]
    [InlineData(7, 9, true)]
    [InlineData(1, 25, false)]
    [InlineData(4, 500, false)]
    public void Intervals_are_those_of_the_definition(int stride, int window, bool slides)
    {
        const int Horizon = 5, Fitted = 30, Calibrated = 60, Later = 57;
        var options = new ConformalOptions
        {
            Horizon = Horizon,
            Stride = stride,
            Window = window,
            Slides = slides,
            Calibration = Calibrated / (double)(Fitted + Calibrated),
        };
        var series = Noise(Fitted + Calibrated + Later, channels: 2, seed: 3);
        using var forecaster = new ConformalForecaster(new NaiveForecaster(), options);
        forecaster.Fit(series.Slice(0, Fitted + Calibrated));
        for (var seen = Calibrated; ; seen++)
        {
            var actual = forecaster.ForecastInterval(3, 0.7);
            for (var h = 0; h < 3; h++)
            {
                for (var c = 0; c < 2; c++)
                {
                    // All the errors, as if nothing had been forgotten; the last of the window.
                    var known = slides ? seen : Calibrated;
                    var errors = new List<double>();
                    for (var origin = 0; origin + h < known; origin += stride)
                        errors.Add(Math.Abs((double)series[Fitted + origin + h, c] - series[Fitted + origin - 1, c]));
                    double[] last = [.. errors.TakeLast(window).Order()];
                    var margin = last[(int)Math.Ceiling((last.Length + 1) * 0.7) - 1];
                    var point = series[Fitted + seen - 1, c];
                    actual.Point[h, c].Should().Be(point);
                    actual.Lower[h, c].Should().Be((float)(point - margin), "after {0} steps, step {1}", seen, h);
                    actual.Upper[h, c].Should().Be((float)(point + margin));
                }
            }

            if (seen == Calibrated + Later)
                break;
            forecaster.Update(series.Slice(Fitted + seen, 1));
        }
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.8)]
    [InlineData(0.95)]
    public void The_coverage_asked_for_is_reached_whatever_the_distribution(double coverage)
    {
        // Errors that are far from normal, and not symmetric: of the exponential distribution.
        const int Count = 6000;
        var random = new RandomGenerator(5);
        var series = new Series([.. Enumerable.Range(0, Count).Select(_ => (float)-Math.Log(1 - random.NextDouble()))]);
        foreach (var forecast in (float[][])[[1f], [0.9f, 1f, 1.1f], [-5f, 1f, 9f]])
        {
            var inner = new FixedForecaster(forecast);
            using var forecaster = new ConformalForecaster(inner, new ConformalOptions { Horizon = 1, Calibration = 0.9 });
            forecaster.Fit(series.Slice(0, 1000));
            var rolled = RollingOrigin.EvaluateIntervals(forecaster, series.Slice(1000, Count - 1000), 1, [coverage]);

            // Four standard deviations of the part of 5,000 values, each compared with 500 others.
            var deviation = Math.Sqrt(coverage * (1 - coverage) / (Count - 1000));
            rolled.Coverage(coverage).Should().BeInRange(coverage - (4 * deviation), coverage + (4 * deviation) + (1 / 500.0));
        }
    }

    [Fact]
    public void Quantiles_are_moved_by_the_same_score_of_both_ends()
    {
        // Of the quantiles -1 and 2 the scores max(-1 - y, y - 2) are -2 (twice), -1, 0, 1, 3: the fifth of six.
        using var forecaster = new ConformalForecaster(new FixedForecaster(-1, 0, 2), new() { Horizon = 1, Calibration = 0.5 });
        forecaster.Fit(new Series([0, 0, 0, 0, 0, 0, 1, 0, 0, 2, -2, 5]));
        var interval = forecaster.ForecastInterval(1, 0.7);
        (interval.Lower[0, 0], interval.Point[0, 0], interval.Upper[0, 0], interval.Coverage).Should().Be((-2, 0, 3, 0.7));

        // The second smallest is -2, so far that the ends cross in the middle.
        interval = forecaster.ForecastInterval(1, 0.2);
        (interval.Lower[0, 0], interval.Point[0, 0], interval.Upper[0, 0]).Should().Be((0, 0, 0));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Steps_that_come_one_by_one_give_the_same_bits_also_after_saving(string kind)
    {
        var series = Noise(200, channels: 2, seed: 1);
        var options = new ConformalOptions { Horizon = 6, Window = 30, Stride = 2 };
        using var atOnce = new ConformalForecaster(Forecasters()[kind](), options);
        using var stepwise = new ConformalForecaster(Forecasters()[kind](), options);
        atOnce.Fit(series.Slice(0, 150));
        stepwise.Fit(series.Slice(0, 150));
        atOnce.Update(series.Slice(150, 50));
        Forecaster current = stepwise;
        for (var t = 150; t < 200; t++)
        {
            current.Update(series.Slice(t, 1));
            if (t is not (161 or 180))
                continue;
            current.Save(folder.File("model"));
            current.Dispose();
            current = t == 161 ? ConformalForecaster.Load(folder.File("model")) : Forecaster.LoadAny(folder.File("model"));
        }

        using (current)
        {
            var (a, b) = (atOnce.ForecastIntervals(6, 0.5, 0.9), current.ForecastIntervals(6, 0.5, 0.9));
            for (var i = 0; i < 2; i++)
            {
                b[i].Lower.Values.ToArray().Should().Equal(a[i].Lower.Values.ToArray());
                b[i].Upper.Values.ToArray().Should().Equal(a[i].Upper.Values.ToArray());
                b[i].Point.Values.ToArray().Should().Equal(a[i].Point.Values.ToArray());
            }

            current.Forecast(9).Values.ToArray().Should().Equal(atOnce.Forecast(9).Values.ToArray());
            b[0].Lower.Start.Should().Be(series.TimeAt(200));
        }
    }

    [Fact]
    public void A_forecaster_that_was_trained_elsewhere_is_calibrated_on_what_follows()
    {
        var series = Noise(120, channels: 1, seed: 2);
        using var whole = new ConformalForecaster(new NaiveForecaster(), new() { Horizon = 4, Calibration = 0.5 });
        whole.Fit(series);
        var naive = new NaiveForecaster();
        using var calibrated = new ConformalForecaster(naive, new() { Horizon = 4 });
        FluentActions.Invoking(() => calibrated.Calibrate(series)).Should().Throw<InvalidOperationException>()
            .WithMessage("NaiveForecaster: it has not been fitted*");
        naive.Fit(series.Slice(0, 60));
        FluentActions.Invoking(() => calibrated.Calibrate(series.Slice(70, 50))).Should().Throw<ArgumentException>()
            .WithMessage("*should start at*");
        calibrated.Calibrate(series.Slice(60, 60));
        calibrated.ForecastInterval(4, 0.9).Upper.Values.ToArray().Should()
            .Equal(whole.ForecastInterval(4, 0.9).Upper.Values.ToArray());
    }

    [Fact]
    public void Missing_values_are_not_compared()
    {
        float[] values = [0, 0, 0, 0, 1, 2, float.NaN, 3, 4, 5];
        using var forecaster = new ConformalForecaster(new FixedForecaster(0), new() { Horizon = 1, Calibration = 0.6 });
        forecaster.Fit(new Series(values));
        forecaster.ForecastInterval(1, 5 / 6.0).Upper[0, 0].Should().Be(5);
        forecaster.ForecastInterval(1, 0.66).Upper[0, 0].Should().Be(4);
    }

    [Fact]
    public void A_fit_that_is_ended_or_refused_changes_nothing()
    {
        var series = Noise(120, channels: 1, seed: 4);
        using var forecaster = new ConformalForecaster(new ThetaForecaster(), new() { Horizon = 4 });
        forecaster.Fit(series);
        var before = forecaster.ForecastInterval(4, 0.8).Lower.Values.ToArray();
        using var ended = new CancellationTokenSource();
        ended.Cancel();
        FluentActions.Invoking(() => forecaster.Fit(Noise(90, 1, 5), ended.Token)).Should().Throw<OperationCanceledException>();
        FluentActions.Invoking(() => forecaster.Calibrate(Next(series, Noise(30, 1, 5)), ended.Token)).Should()
            .Throw<OperationCanceledException>();
        FluentActions.Invoking(() => forecaster.Fit(Noise(15, 1, 5))).Should().Throw<DataSourceException>()
            .WithMessage("Intervals of 4 steps cannot be calibrated on 3 steps. Use more data*");
        forecaster.ForecastInterval(4, 0.8).Lower.Values.ToArray().Should().Equal(before);
        FluentActions.Invoking(() => forecaster.Update(series)).Should().Throw<ArgumentException>();
        forecaster.Update(Next(series, series.Slice(0, 5)));

        static Series Next(Series before, Series later) =>
            new(later.Values.ToArray(), later.Channels, before.TimeAt(before.Length), before.Interval);
    }

    [Fact]
    public void An_end_during_the_calibration_leaves_the_old_fit_or_none()
    {
        var series = Noise(120, channels: 1, seed: 4);
        using var ended = new CancellationTokenSource();
        using var theta = new ConformalForecaster(new ThetaForecaster(), new() { Horizon = 4 });
        theta.Fit(series);
        var before = theta.ForecastInterval(4, 0.8).Lower.Values.ToArray();
        FluentActions.Invoking(() => theta.Calibrate(theta.Forecast(10), new CancellationToken(true))).Should()
            .Throw<OperationCanceledException>();
        theta.ForecastInterval(4, 0.8).Lower.Values.ToArray().Should().Equal(before);

        // The state of a forecaster from outside is not known, so the pair does not claim to be fitted.
        var inner = new FixedForecaster(0);
        using var other = new ConformalForecaster(inner, new() { Horizon = 4 });
        other.Fit(series);
        FluentActions.Invoking(() => other.Calibrate(other.Forecast(10), new CancellationToken(true))).Should()
            .Throw<OperationCanceledException>();
        FluentActions.Invoking(() => other.ForecastInterval(1, 0.8)).Should().Throw<InvalidOperationException>()
            .WithMessage("ConformalForecaster: it has not been fitted*");
    }

    [Fact]
    public void What_cannot_be_forecast_is_told()
    {
        using var forecaster = new ConformalForecaster(new FixedForecaster(0), new() { Horizon = 3, Calibration = 0.5 });
        FluentActions.Invoking(() => forecaster.ForecastInterval(1, 0.8)).Should().Throw<InvalidOperationException>()
            .WithMessage("*Call Fit first*");
        forecaster.Fit(Noise(40, channels: 1, seed: 6));
        forecaster.ForecastInterval(2, 0.95).Lower.Length.Should().Be(2);
        FluentActions.Invoking(() => forecaster.ForecastInterval(3, 0.95)).Should().Throw<DataSourceException>().WithMessage(
            "An interval of coverage 0.95 needs at least 19 forecasts that were compared, and a window of as many; there are"
                + " fewer for channel 'value 0' at step 3 of the horizon (the window is 500)*");
        FluentActions.Invoking(() => forecaster.ForecastInterval(4, 0.8)).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("*horizon should be at most 3*");
        FluentActions.Invoking(() => forecaster.ForecastInterval(1, 1)).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("*coverages should be in (0, 1)*");
        FluentActions.Invoking(() => forecaster.ForecastIntervals(1)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => forecaster.ForecastQuantiles(1)).Should().Throw<InvalidOperationException>()
            .WithMessage("*it forecasts no quantiles*");
        FluentActions.Invoking(() => forecaster.Inner.ForecastInterval(1, 0.8)).Should().Throw<InvalidOperationException>()
            .WithMessage("FixedForecaster: it forecasts no intervals. Put it into a ConformalForecaster*");
        FluentActions.Invoking(() => new ConformalForecaster(new NaiveForecaster(), new() { Window = 0 })).Should()
            .Throw<ArgumentOutOfRangeException>().WithMessage("*Window should be at least 1*");
    }

    [Fact]
    public void A_forecaster_from_outside_is_loaded_by_its_own_code()
    {
        using var forecaster = new ConformalForecaster(new FixedForecaster(-1, 0, 1), new() { Horizon = 2 });
        forecaster.Save(folder.File("new"));
        using (var unfitted = ConformalForecaster.Load(folder.File("new"), FixedForecaster.Read))
            unfitted.IsFitted.Should().BeFalse();
        forecaster.Fit(new Series([.. Enumerable.Range(0, 90).Select(t => t % 7f)], ["value"]));
        forecaster.Save(folder.File("fitted"));
        using var loaded = ConformalForecaster.Load(folder.File("fitted"), FixedForecaster.Read);
        loaded.ForecastInterval(2, 0.8).Upper.Values.ToArray().Should()
            .Equal(forecaster.ForecastInterval(2, 0.8).Upper.Values.ToArray());
        FluentActions.Invoking(() => ConformalForecaster.Load(folder.File("fitted"))).Should().Throw<CheckpointException>()
            .WithMessage("*'FixedForecaster' is none of the kinds of forecasters of this library*");
        FluentActions.Invoking(() => NaiveForecaster.Load(folder.File("fitted"))).Should().Throw<CheckpointException>()
            .WithMessage("*'conformal-forecaster', not 'naive-forecaster'*");
    }

    private static Dictionary<string, Func<Forecaster>> Forecasters() => new()
    {
        ["naive"] = () => new NaiveForecaster(4),
        ["drift"] = () => new DriftForecaster(),
        ["theta"] = () => new ThetaForecaster(4),
        ["smoothing"] = () => new HoltWintersForecaster(4),
        ["network"] = () => Network(null),
        ["quantiles"] = () => Network([0.1, 0.5, 0.9]),
    };

    private static NetworkForecaster Network(IReadOnlyList<double>? quantiles) => new(channels: 2, new NetworkForecasterOptions
    {
        LookBack = 12,
        Horizon = 6,
        Quantiles = quantiles,
        Training = new ForecastTrainingOptions { Epochs = 2 },
    }, new RandomGenerator(1));

    private static Series Noise(int length, int channels, ulong seed)
    {
        var random = new RandomGenerator(seed);
        return new Series([.. Enumerable.Range(0, length * channels).Select(i => (i / channels % 4) + random.NextSingle())],
            [.. Enumerable.Range(0, channels).Select(c => $"value {c}")], new DateTime(2024, 1, 1),
            SamplingInterval.Of(TimeSpan.FromHours(1)));
    }
}
