using SeqCore.Models;
using Series = SeqCore.Models.TimeSeries;

namespace SeqCore.Tests.Models.TimeSeries.Smoothing;

public sealed class SmoothingLstmTests : IDisposable
{
    private const float No = float.NaN;
    private static readonly SamplingInterval month = SamplingInterval.OfMonths(1);

    private static readonly SmoothingLstmOptions small = new()
    {
        Season = 6,
        LookBack = 6,
        Horizon = 6,
        HiddenSize = 8,
        Epochs = 10,
    };

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Smoothing_is_its_definition_at_once_and_step_by_step(int season)
    {
        using var scope = new TensorScope();
        float[] y = [5, 8, 2, 6, 9, 3, 7, 8, 2], first = season == 1 ? [1] : [1, 1.5f, 0.5f];
        var (levels, seasons) = SmoothingRecursion.Run(Tensor.FromSpan(y, [1, 9]), Coefficient(0.3f),
            season == 1 ? null : Coefficient(0.2f), season == 1 ? null : new Variable(Tensor.FromSpan(first, [1, 3])));
        var (level, ring) = (0.0, new List<double>([.. first.Select(s => (double)s)]));
        var state = SmoothingState.Begin(small with { Season = season }, season == 1 ? [] : first, 1);
        for (var t = 0; t < y.Length; t++)
        {
            level = t == 0 ? y[0] / ring[0] : (0.3 * y[t] / ring[t]) + (0.7 * level);
            ring.Add(season == 1 ? 1 : (0.2 * y[t] / level) + (0.8 * ring[t]));
            levels.Value[0, t].Item().Should().BeApproximately((float)level, 1e-5f);
            state.Observe([y[t]], [0.3f], [0.2f]);
            for (var h = 0; h < season; h++)
                state.Value(0, h, 0f).Should().BeApproximately((float)(level * ring[t + 1 + h]), 1e-5f);
        }

        if (season > 1)
            seasons!.Value.ToArray().Should().Equal(ring.Select(s => (float)s), (a, b) => Math.Abs(a - b) < 1e-5f);

        // A value that is missing is taken as expected: the level stays, and the season turns.
        state.Observe([No], [0.3f], [0.2f]);
        state.Value(0, 0, 0f).Should().BeApproximately((float)(level * (season == 1 ? 1 : ring[^2])), 1e-5f);
    }

    [Fact]
    public void Gradients_of_smoothing_are_right()
    {
        var values = Tensor.FromArray(new float[,] { { 5, 8, 2, 6, 9, 3, 7 }, { 1, 2, 1, 2, 1, 3, 2 } });
        Tensor[] inputs =
        [
            Tensor.FromArray(new float[,] { { 0.3f }, { 0.6f } }),
            Tensor.FromArray(new float[,] { { 0.2f }, { 0.4f } }),
            Tensor.FromArray(new float[,] { { 1, 1.5f, 0.5f }, { 0.8f, 1.2f, 1 } }),
        ];
        GradientCheck.Run(x =>
        {
            var (levels, seasons) = SmoothingRecursion.Run(values, x[0], x[1], x[2]);
            return [levels, seasons!];
        }, inputs);
        GradientCheck.Run(x => SmoothingRecursion.Run(values, x[0], null, null).Levels, inputs[..1]);
    }

    [Fact]
    public void Series_that_share_a_pattern_are_forecast_better_than_by_their_last_season()
    {
        var (training, test) = Shops();
        using var forecaster = New(5, small with { Epochs = 100 });
        using var naive = new NaiveForecaster(6);
        forecaster.Fit(training);
        naive.Fit(training);
        var own = RollingOrigin.Evaluate(forecaster, test, horizon: 6);
        var other = RollingOrigin.Evaluate(naive, test, horizon: 6);
        for (var c = 0; c < 5; c++)
            own.MeanAbsoluteScaledError(c, training, 6).Should().BeLessThan(0.3 * other.MeanAbsoluteScaledError(c, training, 6));
    }

    [Fact]
    public void Each_series_is_forecast_on_its_own_scale()
    {
        var (training, _) = Shops();
        float[] scaled = [.. training.Values.ToArray().Select((v, i) => i % 5 == 2 ? 1024 * v : v)];
        using var forecaster = New(5);
        using var other = New(5);
        forecaster.Fit(training);
        other.Fit(new Series(scaled, training.Channels));
        var (a, b) = (forecaster.Forecast(6), other.Forecast(6));
        for (var h = 0; h < 6; h++)
        {
            b[h, 1].Should().BeApproximately(a[h, 1], 1e-3f * a[h, 1]);
            b[h, 2].Should().BeApproximately(1024 * a[h, 2], 1e-3f * 1024 * a[h, 2]);
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(6, 2)]
    public void Steps_that_come_one_by_one_give_the_same_bits_also_after_saving(int season, int layers)
    {
        var (training, test) = Shops();
        using var forecaster = New(5, small with { Season = season, Layers = layers, Epochs = 3 });
        using var again = New(5, small with { Season = season, Layers = layers, Epochs = 3 });
        forecaster.Fit(training);
        again.Fit(training);
        forecaster.Save(folder.File("shops"));
        var current = SmoothingLstmForecaster.Load(folder.File("shops"));
        forecaster.Update(test);
        again.Update(test);
        for (var t = 0; t < test.Length; t++)
        {
            current.Update(test.Slice(t, 1));
            if (t != 7)
                continue;
            current.Save(folder.File("later"));
            current.Dispose();
            current = (SmoothingLstmForecaster)Forecaster.LoadAny(folder.File("later"));
        }

        var expected = forecaster.Forecast(15).Values.ToArray();
        expected.Should().HaveCount(75).And.OnlyContain(v => float.IsFinite(v) && v > 0);
        current.Forecast(15).Values.ToArray().Should().Equal(expected);
        again.Forecast(15).Values.ToArray().Should().Equal(expected);
        current.Forecast(4).Values.ToArray().Should().Equal(expected[..20]);
        current.Forecast(1).Start.Should().Be(test.TimeAt(test.Length));
        current.Dispose();
    }

    [Fact]
    public void Long_forecasts_read_shorter_ones()
    {
        var (training, _) = Shops();
        using var forecaster = New(5, small with { Epochs = 2 });
        forecaster.Fit(training);
        var far = forecaster.Forecast(15);
        forecaster.Update(far.Slice(0, 6));
        forecaster.Forecast(9).Values.ToArray().Should().Equal(far.Slice(6, 9).Values.ToArray());
    }

    [Fact]
    public void A_run_that_is_resumed_gives_the_same_bits()
    {
        var (training, _) = Shops();
        byte[] Train(string name, params long[] stops)
        {
            SmoothingLstmForecaster? model = null;
            foreach (var steps in stops)
            {
                model?.Dispose();
                model = New(5, small with { BatchSize = 2 });
                using var task = new SmoothingLstmTask(model, training);
                using var adam = new Adam(model.Parameters());
                var trainer = new Trainer(task, adam, new TrainerOptions { Steps = steps, Folder = folder.File(name) });
                trainer.Resume();
                trainer.Run();
            }

            using (model)
                model!.Save(folder.File(name + ".safetensors"));
            return File.ReadAllBytes(folder.File(name + ".safetensors"));
        }

        Train("resumed", 4, 10).Should().Equal(Train("whole", 10));
    }

    [Fact]
    public void A_fit_that_is_ended_or_refused_changes_nothing()
    {
        var (training, test) = Shops();
        using var forecaster = New(5, small with { Epochs = 2 });
        forecaster.Fit(training);
        var before = forecaster.Forecast(6).Values.ToArray();
        using var ended = new CancellationTokenSource();
        ended.Cancel();
        FluentActions.Invoking(() => forecaster.Fit(training.Slice(0, 71), ended.Token)).Should()
            .Throw<OperationCanceledException>();
        Refused(() => forecaster.Fit(training.Slice(training.Length - 17, 17)),
            "Channel 'a' has 17 values; there should be at least 18*Leave it out, use more data, or shorten them.");
        var wrong = training.Values.ToArray();
        wrong[^4] = No;
        Refused(() => forecaster.Fit(new Series(wrong, training.Channels)),
            "Channel 'b' has no value at step 71; only those before its first value may be missing. Fill the gaps.");
        wrong[^4] = 0;
        Refused(() => forecaster.Fit(new Series(wrong, training.Channels, training.Start, month)),
            "Channel 'b' has the value 0 at step 71, 2025-12-01 00:00:00; exponential smoothing*needs values above 0.*");
        var negative = test.Values.ToArray();
        negative[12] = -1;
        Refused(() => forecaster.Update(new Series(negative, test.Channels, test.Start, month)),
            "Channel 'c' has the value -1 at step 2, 2026-03-01 00:00:00;*");
        FluentActions.Invoking(() => forecaster.Fit(training.Select("a"))).Should().Throw<ArgumentException>()
            .WithMessage("SmoothingLstmForecaster: it forecasts 5 channels; the series has 1.*");
        forecaster.Forecast(6).Values.ToArray().Should().Equal(before);
    }

    [Fact]
    public void Series_of_different_lengths_are_aligned_at_their_ends()
    {
        var january = new DateTime(2024, 1, 1);
        var longer = new Series([1, 2, 3], null, january, month);
        var shorter = new Series([7, 8, 9, 10], ["value", "other"], january.AddMonths(1), month);
        var both = AlignedSeries.AtEnd([longer, shorter]);
        both.Channels.Should().Equal("value 1", "value 2", "other");
        both.Values.ToArray().Should().Equal(1, No, No, 2, 7, 8, 3, 9, 10);
        (both.Start, both.Interval).Should().Be((january, month));
        AlignedSeries.AtEnd([longer, shorter.Slice(0, 1)]).Start.Should().BeNull("they end at different times");
        AlignedSeries.AtEnd([longer, new Series([5])]).Interval.Should().BeNull();
        FluentActions.Invoking(() => AlignedSeries.AtEnd([])).Should().Throw<ArgumentException>().WithMessage("*at least 1*");
    }

    private static void Refused(Action act, string message) => act.Should().Throw<DataSourceException>().WithMessage(message);

    private static Variable Coefficient(float value) => Tensor.FromArray(new[,] { { value } });

    private static SmoothingLstmForecaster New(int channels, SmoothingLstmOptions? options = null) =>
        new(channels, options ?? small, new RandomGenerator(1));

    /// <summary>
    /// Five shops of levels 1 to 10 000 that grow by 2 % a month, with seasons of their own and noise; two of them opened later.
    /// </summary>
    private static (Series Training, Series Test) Shops()
    {
        var random = new RandomGenerator(3);
        var values = new float[5 * 84];
        for (var i = 0; i < values.Length; i++)
        {
            var (t, c) = (i / 5, i % 5);
            var season = 1 + (0.5 * Math.Sin((t + c) * Math.Tau / 6));
            var value = Math.Pow(10, c) * Math.Pow(1.02, t) * season * (1 + (0.02 * (random.NextSingle() - 0.5)));
            values[i] = (c == 1 && t < 10) || (c == 3 && t < 30) ? No : (float)value;
        }

        var all = new Series(values, ["a", "b", "c", "d", "e"], new DateTime(2020, 1, 1), month);
        return (all.Slice(0, 72), all.Slice(72, 12));
    }
}
