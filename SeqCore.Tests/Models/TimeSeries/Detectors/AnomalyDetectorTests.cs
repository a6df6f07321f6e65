using SeqCore.Models;
using Series = SeqCore.Models.TimeSeries;

namespace SeqCore.Tests.Models.TimeSeries.Detectors;

/// <summary>What every kind of detector has to do.</summary>
public sealed class AnomalyDetectorTests : IDisposable
{
    private const int Fitted = 400;
    private static readonly DateTime start = new(2024, 1, 1);
    private static readonly DetectorTrainingOptions quick = new() { Epochs = 4, LearningRate = 0.01f };

    private readonly TemporaryFolder folder = new();

    public static TheoryData<string> Kinds => ["gru", "lstm", "autoencoder", "last", "average", "gaussian"];

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_jump_is_found_and_a_stream_has_the_bits_of_the_whole_also_through_a_file(string kind)
    {
        var series = Waves(700, jump: 600);
        using var detector = New(kind, channels: 2);
        detector.IsFitted.Should().BeFalse();
        detector.Fit(series.Slice(0, Fitted));
        detector.Save(folder.File("fitted.safetensors"));
        var whole = detector.Observe(series.Slice(Fitted, 300));
        whole.Select((p, i) => (p.IsAnomaly, Step: Fitted + i)).Where(p => p.IsAnomaly).Select(p => p.Step).Should()
            .Contain(s => s >= 600 && s < 610).And.HaveCountLessThan(4);

        using var stream = AnomalyDetector.Load(folder.File("fitted.safetensors"));
        stream.Should().BeOfType(detector.GetType());
        stream.Threshold.Should().Be(detector.Threshold);
        var current = stream;
        for (var i = 0; i < 300; i++)
        {
            if (i == 150)
            {
                stream.Save(folder.File("half.safetensors"));
                current = AnomalyDetector.Load(folder.File("half.safetensors"));
            }

            current.Observe([series[Fitted + i, 0], series[Fitted + i, 1]], series.TimeAt(Fitted + i)).Should().Be(whole[i]);
        }

        current.Expected.ToArray().Should().Equal(detector.Expected.ToArray());
        current.Frame!.Next.Should().Be(series.TimeAt(700));
        current.Dispose();

        // Fitted once more with the same seed, it is the same detector.
        using var again = New(kind, channels: 2);
        again.Fit(series.Slice(0, Fitted));
        again.Observe(series.Slice(Fitted, 300)).Should().Equal(whole);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Each_point_takes_the_same_little_garbage_and_that_of_baselines_is_none(string kind)
    {
        using var detector = New(kind, channels: 1);
        detector.Fit(Waves(Fitted).Select("a"));
        Garbage();

        // The least of several: where a collection has emptied the pool of buffers meanwhile, a run makes some again.
        var garbage = Least();
        Least().Should().Be(garbage);
        if (detector is NetworkDetector)
            garbage.Should().BeLessThan(8000);
        else
            garbage.Should().Be(0);

        long Least() => Enumerable.Range(0, 3).Min(_ => Garbage());

        long Garbage()
        {
            const int Points = 300;
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < Points; i++)
                detector.Observe(i % 97 == 0 ? float.NaN : i % 7);
            return (GC.GetAllocatedBytesForCurrentThread() - before) / Points;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Missing_points_are_not_judged_and_a_gap_in_time_is_as_many_of_them(string kind)
    {
        var series = Waves(500);
        using var one = New(kind, channels: 2);
        one.Fit(series.Slice(0, Fitted));
        one.Save(folder.File("one.safetensors"));
        using var other = AnomalyDetector.Load(folder.File("one.safetensors"));
        for (var i = 0; i < 3; i++)
        {
            var missing = one.Observe([float.NaN, float.NaN]);
            (missing.Score, missing.IsAnomaly, missing.IsPeak).Should().Be((0, false, false));
            missing.Error.Should().Be(double.NaN);
        }

        float[] values = [series[403, 0], series[403, 1]];
        var point = one.Observe(values, series.TimeAt(403));
        point.Error.Should().BeGreaterThanOrEqualTo(0);
        other.Observe(values, series.TimeAt(403)).Should().Be(point);

        // One channel of two is judged by itself, and times that repeat or go back are refused.
        one.Observe([values[0], float.NaN]).Error.Should().BeGreaterThanOrEqualTo(0);
        FluentActions.Invoking(() => one.Observe([1, 1], series.TimeAt(404))).Should().Throw<ArgumentException>()
            .WithMessage("*2024-01-01 06:44:00 is not after that of the last point, 2024-01-01 06:44:00*");
        one.Observe([1, 1], series.TimeAt(405).AddSeconds(20));
        one.Observe([1, 1], new DateTime(2030, 1, 1)).Error.Should().NotBe(double.PositiveInfinity);
        one.Frame!.Next.Should().Be(new DateTime(2030, 1, 1).AddMinutes(1));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void After_a_long_gap_a_detector_warms_up_again_alike_in_a_stream_and_in_a_whole_series(string kind)
    {
        // The gap of twelve days ends at another place of the wave and within the usual levels, so nothing is wrong after it.
        const int Gap = 12 * 24 * 60;
        var before = Waves(500);
        var after = Waves(600 + Gap).Slice(500 + Gap, 100);
        using var detector = New(kind, channels: 2);
        detector.Fit(before.Slice(0, Fitted));
        detector.Observe(before.Slice(Fitted, 100));
        detector.Save(folder.File("before.safetensors"));

        var missing = new Series([.. Enumerable.Repeat(float.NaN, 2 * Gap)], before.Channels, before.TimeAt(500),
            before.Interval);
        detector.Observe(missing).Should().OnlyContain(p => !p.IsAnomaly && p.Channel == -1);
        var whole = detector.Observe(after);
        whole.Should().OnlyContain(p => !p.IsAnomaly);
        var warmUp = detector.WarmUpSteps;
        whole.Count(p => p.Score == 0 && double.IsNaN(p.Error)).Should().Be(warmUp);
        whole.Skip(warmUp).Should().OnlyContain(p => p.Error >= 0);

        // In a stream the gap is only a later time. The detector goes through a file in the gap and while it warms up.
        var stream = AnomalyDetector.Load(folder.File("before.safetensors"));
        for (var i = 0; i < after.Length; i++)
        {
            stream.Observe([after[i, 0], after[i, 1]], after.TimeAt(i)).Should().Be(whole[i], $"of point {i} after the gap");
            if (i is 0 or 3 or 50)
            {
                stream.Save(folder.File("after.safetensors"));
                stream.Dispose();
                stream = AnomalyDetector.Load(folder.File("after.safetensors"));
            }
        }

        stream.Dispose();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_channel_that_raised_an_alarm_is_named(string kind)
    {
        using var detector = New(kind, channels: 2);
        detector.Fit(Waves(Fitted));
        foreach (var channel in (int[])[1, 0])
        {
            var values = Waves(Fitted + 60).Slice(Fitted, 60).Values.ToArray();
            for (var t = 40; t < 44; t++)
                values[(2 * t) + channel] += 20;
            var points = detector.Observe(new Series(values, ["a", "b"]));
            points.MaxBy(p => p.Score).Channel.Should().Be(channel);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Data_that_say_nothing_of_what_is_usual_are_refused(string kind)
    {
        using var detector = New(kind, channels: 1);
        FluentActions.Invoking(() => detector.Observe(1)).Should().Throw<InvalidOperationException>().WithMessage("*Call Fit*");
        Refused(Enumerable.Repeat(3f, Fitted), "*'value' is constant in the 400 steps*");
        Refused(Enumerable.Repeat(float.NaN, Fitted), "*'value' has no value at all in the 400 steps*");
        Refused(Enumerable.Range(0, 60).Select(i => (float)i), "*needs at least * steps of normal data; there are 60*");
        using var greedy = new SmoothingDetector(1, new() { Alarm = new AlarmOptions { HeldOut = 0.999 } });
        FluentActions.Invoking(() => greedy.Fit(Waves(Fitted).Select("a"))).Should().Throw<DataSourceException>()
            .WithMessage("*0.999 of 400 steps out leaves 0 to train on*");
        FluentActions.Invoking(() => detector.Fit(Waves(Fitted))).Should().Throw<ArgumentException>()
            .WithMessage("*it observes 1 channel; the series has 2*");
        detector.IsFitted.Should().BeFalse();
        detector.Fit(Waves(Fitted).Select("a"));
        FluentActions.Invoking(() => detector.Observe([1, 2])).Should().Throw<ArgumentException>().WithMessage("*got 2*");
        FluentActions.Invoking(() => detector.Observe(float.PositiveInfinity)).Should().Throw<ArgumentException>()
            .WithMessage("*infinite*NaN*");
        using var ended = new CancellationTokenSource();
        ended.Cancel();
        FluentActions.Invoking(() => detector.Fit(Waves(Fitted).Select("a"), ended.Token)).Should()
            .Throw<OperationCanceledException>();

        void Refused(IEnumerable<float> values, string message) => FluentActions
            .Invoking(() => detector.Fit(new Series([.. values]))).Should().Throw<DataSourceException>().WithMessage(message);
    }

    [Fact]
    public void A_file_of_another_kind_or_with_a_damaged_state_is_refused()
    {
        using var naive = new NaiveForecaster();
        naive.Save(folder.File("naive.safetensors"));
        FluentActions.Invoking(() => AnomalyDetector.Load(folder.File("naive.safetensors"))).Should()
            .Throw<CheckpointException>().WithMessage("*'naive-forecaster', not 'recurrent-detector' or *");
        var state = new DetectorState([1, 2]);
        state.Next().Should().Be(1);
        FluentActions.Invoking(() => state.RequireEnd()).Should().Throw<FormatException>().WithMessage("*more than*");
        state.Next().Should().Be(2);
        state.RequireEnd();
        FluentActions.Invoking(() => state.Next()).Should().Throw<FormatException>().WithMessage("*fewer than*");
        FluentActions.Invoking(() => new DetectorState([0.5]).NextCount()).Should().Throw<FormatException>();
    }

    [Fact]
    public void The_threshold_can_be_set_and_quiet_steps_silence_lower_scores()
    {
        var options = new SmoothingDetectorOptions { Alarm = new AlarmOptions { QuietSteps = 20 } };
        using var detector = new SmoothingDetector(channels: 1, options);
        detector.Fit(Waves(Fitted).Select("a"));
        detector.Threshold = 8;
        FluentActions.Invoking(() => detector.Threshold = double.NaN).Should().Throw<ArgumentOutOfRangeException>();
        float[] values = [.. Waves(500).Select("a").Values.ToArray().Skip(Fitted)];
        (values[10], values[20], values[60]) = (90, 60, 60);
        var alarms = detector.Observe(new Series(values)).Select((p, i) => (p, i)).Where(a => a.p.IsAnomaly).Select(a => a.i);
        alarms.Should().Contain(10).And.Contain(i => i == 60 || i == 61).And.NotContain([20, 21]);
    }

    private static AnomalyDetector New(string kind, int channels) => kind switch
    {
        "autoencoder" => new AutoencoderDetector(channels, new AutoencoderDetectorOptions
        {
            Window = 8,
            HiddenSize = 6,
            Training = quick,
        }, new RandomGenerator(1)),
        "last" => new SmoothingDetector(channels),
        "average" => new SmoothingDetector(channels, new SmoothingDetectorOptions { Smoothing = 0.2 }),
        "gaussian" => new WindowedGaussianDetector(channels, new WindowedGaussianOptions { Window = 300, Step = 50 }),
        _ => new RecurrentDetector(channels, new RecurrentDetectorOptions
        {
            Cell = kind == "gru" ? RecurrentKind.Gru : RecurrentKind.Lstm,
            HiddenSize = 8,
            SequenceLength = 24,
            Training = quick,
        }, new RandomGenerator(1)),
    };

    /// <summary>Two noisy channels of waves, both of which jump for ten steps.</summary>
    private static Series Waves(int length, int jump = -1)
    {
        var random = new RandomGenerator(7);
        float[] values = [.. Enumerable.Range(0, 2 * length).Select(i => (float)(Math.Sin(i / 2 * 0.4) + (i % 2)
            + (0.2 * (random.NextSingle() - 0.5)) + (jump >= 0 && i / 2 - jump is >= 0 and < 10 ? 8 : 0)))];
        return new Series(values, ["a", "b"], start, SamplingInterval.Of(TimeSpan.FromMinutes(1)));
    }
}
