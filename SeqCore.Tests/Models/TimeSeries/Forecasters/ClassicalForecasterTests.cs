using System.Text.Json;
using SeqCore.Models;
using Series = SeqCore.Models.TimeSeries;

namespace SeqCore.Tests.Models.TimeSeries.Forecasters;

public sealed class ClassicalForecasterTests : IDisposable
{
    private const float No = float.NaN;
    private static readonly SamplingInterval month = SamplingInterval.OfMonths(1);
    private readonly TemporaryFolder folder = new();

    public static TheoryData<string> Kinds => [.. Forecasters().Keys];

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Naive_forecasts_repeat_what_was_there()
    {
        Of(new NaiveForecaster(), [1, 2, 5], 2).Should().Equal(5, 5);
        Of(new NaiveForecaster(2), [1, 2, 5], 3).Should().Equal(2, 5, 2);
        Of(new NaiveForecaster(2), [1, 2, 5, No], 3).Should().Equal(5, 2, 5);
        Of(new NaiveForecaster(3), [No, 1, No], 3).Should().Equal(1, 1, 1);
        Of(new DriftForecaster(), [No, 1, 8, 4], 2).Should().Equal(5.5f, 7);
        Of(new DriftForecaster(), [1, 3, No], 2).Should().Equal(7, 9);
    }

    [Fact]
    public void Theta_is_the_mean_of_two_lines()
    {
        float[] values = [5, 9, 4, 8, 12, 9, 15, 11, 14, 18];
        using var theta = new ThetaForecaster();
        theta.Fit(new Series(values));
        var alpha = State(theta)[0];

        // The definition: the line of the regression, and smoothing of twice the series less that line.
        var (a, b) = Line(values);
        double[] doubled = [.. values.Select((v, t) => (2 * v) - (a + (b * (t + 1))))];
        var level = doubled[0];
        foreach (var value in doubled)
            level += alpha * (value - level);
        for (var h = 1; h <= 5; h++)
            theta.Forecast(5)[h - 1, 0].Should().BeApproximately((float)((a + (b * (values.Length + h)) + level) / 2), 1e-4f);
    }

    [Theory]
    [InlineData(Seasonality.Additive, Trend.Linear)]
    [InlineData(Seasonality.Additive, Trend.Damped)]
    [InlineData(Seasonality.Multiplicative, Trend.Linear)]
    [InlineData(Seasonality.Multiplicative, Trend.None)]
    public void Smoothing_finds_a_trend_and_a_season(Seasonality seasonality, Trend trend)
    {
        double[] season = [0.8, 1.3, 1.0, 0.9];
        float At(int t) => (float)(trend == Trend.None ? 100 : 100 + t) is var level && seasonality == Seasonality.Additive
            ? level + (float)(50 * season[t % 4]) : level * (float)season[t % 4];
        using var smoothing = new HoltWintersForecaster(4, seasonality, trend);
        smoothing.Fit(new Series([.. Enumerable.Range(0, 60).Select(At)]));
        var forecast = smoothing.Forecast(8).ChannelValues(0);
        for (var h = 0; h < 8; h++)
            forecast[h].Should().BeApproximately(At(60 + h), trend == Trend.Damped ? 2f : 0.1f);
    }

    [Fact]
    public void The_fitted_smoothing_is_better_than_any_of_a_grid()
    {
        var random = new Random(3);
        var level = 100.0;
        double[] values = [.. Enumerable.Range(0, 80).Select(_ => level += random.NextDouble() - 0.4)];
        using var smoothing = new HoltWintersForecaster();
        smoothing.Fit(new Series([.. values.Select(v => (float)v)]));
        var own = ErrorsOf(State(smoothing)[0], State(smoothing)[1]);
        for (var alpha = 0.02; alpha < 1; alpha += 0.02)
        {
            for (var beta = 0.02; beta < 1; beta += 0.02)
                own.Should().BeLessThan(ErrorsOf(alpha, beta) * 1.001);
        }

        double ErrorsOf(double alpha, double beta)
        {
            var (first, second) = (values[..3].Average(), values[3..6].Average());
            var slope = (second - first) / 3;
            var (l, b, sum) = (first - (slope * 2), slope, 0.0);
            foreach (var value in values)
            {
                sum += Math.Pow(value - l - b, 2);
                var next = (alpha * value) + ((1 - alpha) * (l + b));
                (l, b) = (next, (beta * (next - l)) + ((1 - beta) * b));
            }

            return sum;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Steps_that_come_one_by_one_give_the_same_bits_also_after_saving(string kind)
    {
        var random = new Random(1);
        float[] values = [.. Enumerable.Range(0, 96).Select(t => 50 + t + (10 * (t % 12)) + (5 * random.NextSingle()))];
        values[70] = No;
        var whole = new Series(values, ["sales"], new DateTime(2020, 1, 1), month);
        using var atOnce = Forecasters()[kind]();
        using var stepwise = Forecasters()[kind]();
        atOnce.Fit(whole.Slice(0, 60));
        stepwise.Fit(whole.Slice(0, 60));
        atOnce.Update(whole.Slice(60, 36));
        Forecaster current = stepwise;
        for (var t = 60; t < 96; t++)
        {
            current.Update(whole.Slice(t, 1));
            if (t != 75)
                continue;
            current.Save(folder.File("model"));
            current = Load(kind, folder.File("model"));
        }

        var (a, b) = (atOnce.Forecast(15), current.Forecast(15));
        a.Values.ToArray().Should().Equal(b.Values.ToArray());
        (b.Start, b.Interval, b.Channels[0]).Should().Be((new DateTime(2028, 1, 1), month, "sales"));
        current.Dispose();
    }

    [Fact]
    public void Steps_that_do_not_follow_are_refused_and_change_nothing()
    {
        using var naive = new NaiveForecaster();
        FluentActions.Invoking(() => naive.Forecast(1)).Should().Throw<InvalidOperationException>()
            .WithMessage("*Call Fit first*");
        naive.Fit(new Series([1, 2], null, new DateTime(2024, 1, 1), month));
        var late = new Series([7], null, new DateTime(2024, 4, 1), month);
        FluentActions.Invoking(() => naive.Update(late)).Should().Throw<ArgumentException>()
            .WithMessage("*should start at 2024-03-01 00:00:00 with steps of 1 month; it starts at 2024-04-01*");
        FluentActions.Invoking(() => naive.Update(new Series([7]))).Should().Throw<ArgumentException>()
            .WithMessage("*either both series or neither should have times*");
        naive.Forecast(1)[0, 0].Should().Be(2);
        FluentActions.Invoking(() => naive.Fit(new Series([No]))).Should().Throw<DataSourceException>();
        naive.Forecast(1)[0, 0].Should().Be(2);
        naive.Save(folder.File("naive"));
        FluentActions.Invoking(() => DriftForecaster.Load(folder.File("naive"))).Should().Throw<CheckpointException>()
            .WithMessage("*'naive-forecaster', not 'drift-forecaster'*");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Short_series_are_told(string kind)
    {
        using var forecaster = Forecasters()[kind]();
        FluentActions.Invoking(() => forecaster.Fit(new Series([1]))).Should().Throw<DataSourceException>()
            .WithMessage("Channel 'value' has 1 value; there should be at least *");
    }

    [Fact]
    public void The_methods_keep_their_order_on_the_airline_passengers()
    {
        var series = TimeSeriesFile.Read(DataFolder.Path("timeseries", "airline-passengers.csv"));
        var training = series.Slice(0, 120);
        double Scaled(Forecaster forecaster)
        {
            using (forecaster)
            {
                forecaster.Fit(training);
                return RollingOrigin.Evaluate(forecaster, series.Slice(120, 24), horizon: 12)
                    .MeanAbsoluteScaledError(channel: 0, training, season: 12);
            }
        }

        var (naive, seasonal) = (Scaled(new NaiveForecaster()), Scaled(new NaiveForecaster(12)));
        var smoothing = Scaled(new HoltWintersForecaster(12, Seasonality.Multiplicative));
        double[] errors = [smoothing, Scaled(new ThetaForecaster(12)), seasonal, naive];
        errors.Should().BeInAscendingOrder();
        smoothing.Should().BeLessThan(0.9);
    }

    private static Dictionary<string, Func<Forecaster>> Forecasters() => new()
    {
        ["naive"] = () => new NaiveForecaster(12),
        ["drift"] = () => new DriftForecaster(),
        ["theta"] = () => new ThetaForecaster(12),
        ["level"] = () => new HoltWintersForecaster(trend: Trend.None),
        ["additive"] = () => new HoltWintersForecaster(12, trend: Trend.Damped),
        ["multiplicative"] = () => new HoltWintersForecaster(12, Seasonality.Multiplicative),
    };

    private static Forecaster Load(string kind, string path) => kind switch
    {
        "naive" => NaiveForecaster.Load(path),
        "drift" => DriftForecaster.Load(path),
        "theta" => ThetaForecaster.Load(path),
        _ => HoltWintersForecaster.Load(path),
    };

    private static float[] Of(Forecaster forecaster, float[] values, int horizon)
    {
        using (forecaster)
        {
            forecaster.Fit(new Series(values));
            return forecaster.Forecast(horizon).ChannelValues(0);
        }
    }

    private static double[] State(Forecaster forecaster) =>
        [.. JsonDocument.Parse(forecaster.OptionsJson).RootElement.GetProperty("states")[0].EnumerateArray()
            .Select(n => n.GetDouble())];

    private static (double A, double B) Line(float[] values)
    {
        double[] times = [.. Enumerable.Range(1, values.Length)];
        var (time, value) = (times.Average(), values.Average(v => (double)v));
        var b = times.Zip(values, (t, v) => (t - time) * (v - value)).Sum() / times.Sum(t => (t - time) * (t - time));
        return (value - (b * time), b);
    }
}
