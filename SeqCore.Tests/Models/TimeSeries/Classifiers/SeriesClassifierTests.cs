using SeqCore.Models;
using Series = SeqCore.Models.TimeSeries;

namespace SeqCore.Tests.Models.TimeSeries.Classifiers;

public sealed class SeriesClassifierTests : IDisposable
{
    private static readonly SeriesClassifierOptions small = new()
    {
        Labels = ["fast", "slow"],
        Channels = ["x", "y"],
        HiddenSize = 8,
        Training = new SeriesTrainingOptions { Epochs = 12, BatchSize = 8, LearningRate = 0.02f },
    };

    private readonly TemporaryFolder folder = new();

    public static TheoryData<SeriesEncoderKind, bool, TimePoolingKind> Networks =>
        new(from kind in Enum.GetValues<SeriesEncoderKind>()
            from bidirectional in (bool[])[false, true]
            from pooling in Enum.GetValues<TimePoolingKind>()
            where pooling != TimePoolingKind.Last || !bidirectional
            select (kind, bidirectional, pooling));

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(SeriesEncoderKind.Gru, true)]
    [InlineData(SeriesEncoderKind.Lstm, false)]
    [InlineData(SeriesEncoderKind.Convolution, true)]
    public void Learns_series_of_two_channels_and_different_lengths_and_repeats_its_bits(SeriesEncoderKind kind,
        bool bidirectional)
    {
        var (training, test) = (Waves(60, seed: 1), Waves(60, seed: 2));
        using var model = New(kind, bidirectional);
        model.Fit(training);
        model.Score(test).Accuracy.Should().BeGreaterThan(0.95);
        model.Save(folder.File("model"));
        var expected = Probabilities(model, test);
        expected.Should().HaveCount(120).And.OnlyContain(p => p >= 0 && p <= 1);

        // Trained again, and loaded from the file.
        using var again = New(kind, bidirectional);
        again.Fit(training);
        Probabilities(again, test).Should().Equal(expected);
        using var loaded = SeriesClassifier.Load(folder.File("model"));
        Probabilities(loaded, test).Should().Equal(expected);
        loaded.Options.Labels.Should().Equal("fast", "slow");
        loaded.Predict(test[0].Series).ToString().Should().MatchRegex("^(fast|slow) \\([0-9]+ %\\)$");
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void A_series_in_a_batch_gives_the_result_that_it_gives_alone(SeriesEncoderKind kind, bool bidirectional,
        TimePoolingKind pooling)
    {
        using var model = new SeriesClassifier(
            small with { Encoder = kind, Bidirectional = bidirectional, Pooling = pooling }, new RandomGenerator(3));
        Series[] series = [.. new[] { 1, 40, 7, 23, 2, 40, 11 }.Select((length, i) => Wave(length, 0.4 + (0.1 * i), i))];
        var together = model.Predict(series);
        for (var i = 0; i < series.Length; i++)
            model.Predict(series[i]).Probabilities.Should().Equal(together[i].Probabilities, (a, b) => Math.Abs(a - b) < 1e-6);
        together.Select(p => p.Probability).Distinct().Should().HaveCountGreaterThan(4);
    }

    [Fact]
    public void A_causal_convolution_sees_its_own_step_and_earlier_ones_alone()
    {
        // One block of two convolutions with three taps reaches back by four steps.
        using var model = new SeriesClassifier(
            small with
            {
                Encoder = SeriesEncoderKind.Convolution,
                Bidirectional = false,
                Pooling = TimePoolingKind.Last,
            }, new RandomGenerator(3));
        var values = Wave(20, 0.5, 1).Values.ToArray();
        var before = model.Predict(new Series(values, small.Channels)).Probability;
        Changed(step: 14).Should().Be(before);
        Changed(step: 15).Should().NotBe(before);
        Changed(step: 19).Should().NotBe(before);

        float Changed(int step)
        {
            float[] other = [.. values];
            other[2 * step] += 1;
            return model.Predict(new Series(other, small.Channels)).Probability;
        }
    }

    [Fact]
    public void Channels_are_scaled_by_the_series_for_training_or_each_by_its_own()
    {
        var training = Waves(20, seed: 1);
        var brief = small with { Training = small.Training with { Epochs = 1 } };
        using var common = new SeriesClassifier(brief, new RandomGenerator(1));
        common.Fit(training);
        var y = training.SelectMany(s => s.Series.ChannelValues(1)).ToArray();
        common.Scaler.Shifts[1].Should().BeApproximately(y.Average(v => (double)v), 1e-5);
        using var own = new SeriesClassifier(brief with { ScalesEachSeries = true }, new RandomGenerator(1));
        own.Fit(training);
        var wave = training[0].Series;
        var moved = new Series([.. wave.Values.ToArray().Select(v => (3 * v) + 5)], wave.Channels);
        own.Predict(moved).Probability.Should().BeApproximately(own.Predict(wave).Probability, 1e-5f);
        common.Predict(moved).Probability.Should().NotBeApproximately(common.Predict(wave).Probability, 1e-3f);
    }

    [Fact]
    public void Weights_of_labels_and_series_for_validation_change_the_training()
    {
        var training = Waves(40, seed: 1);
        using var plain = New(SeriesEncoderKind.Gru, true);
        using var weighted = new SeriesClassifier(
            plain.Options with { LabelWeights = [50f, 1f], Training = small.Training with { Epochs = 1 } },
            new RandomGenerator(1));
        weighted.Fit(training);
        weighted.Predict([.. training.Select(s => s.Series)]).Average(p => p.Probabilities[0]).Should().BeGreaterThan(0.6f);
        plain.Fit(training);
        using var validated = new SeriesClassifier(
            plain.Options with { Training = small.Training with { Validation = 0.5 } }, new RandomGenerator(1));
        validated.Fit(training);
        Probabilities(validated, training).Should().NotEqual(Probabilities(plain, training));
    }

    [Fact]
    public void A_fit_that_is_ended_or_refused_changes_nothing()
    {
        var training = Waves(20, seed: 1);
        using var model = New(SeriesEncoderKind.Gru, false);
        model.Fit(training);
        var before = Probabilities(model, training);
        using var ended = new CancellationTokenSource();
        ended.Cancel();
        LabelledSeries[] larger = [.. training.Select(s => s with
        {
            Series = new Series([.. s.Series.Values.ToArray().Select(v => 9 * v)], s.Series.Channels),
        })];
        FluentActions.Invoking(() => model.Fit(larger, ended.Token)).Should().Throw<OperationCanceledException>();
        FluentActions.Invoking(() => model.Fit([.. larger, training[0] with { Label = "other" }]))
            .Should().Throw<ArgumentException>();
        Probabilities(model, training).Should().Equal(before);
    }

    [Theory]
    [InlineData("*All 2 series for training have the same label, 'slow'; a classifier needs at least two.", "slow", "slow")]
    [InlineData("*There are 0 series for training*")]
    [InlineData("*series 1 has no label.*", "slow", null)]
    [InlineData("*series 1 has the label 'red', which is none of the model's: fast, slow.*", "slow", "red")]
    public void Labels_that_do_not_fit_are_refused(string message, params string?[] labels)
    {
        using var model = New(SeriesEncoderKind.Gru, false);
        FluentActions.Invoking(() => model.Fit([.. labels.Select((l, i) => new LabelledSeries(Wave(9, 0.3, i), l))]))
            .Should().Throw<Exception>().WithMessage(message)
            .Which.Should().Match<Exception>(e => e is ArgumentException || e is DataSourceException);
    }

    [Fact]
    public void Series_that_do_not_fit_are_refused_with_their_place()
    {
        using var model = new SeriesClassifier(small with { MinimumLength = 5 }, new RandomGenerator(1));
        var (good, short3) = (Wave(9, 0.3, 0), Wave(3, 0.3, 0));
        Refused(Wave(9, 0.3, 0).Select("y", "x")).WithMessage("*series 1 has the channels y, x; those of the model are x, y.*");
        Refused(Wave(9, 0.3, 0).Select("x")).WithMessage("*series 1 has the channels x;*");
        Refused(short3).WithMessage("*series 1 has 3 steps; there should be at least 5.*");
        var values = good.Values.ToArray();
        values[5] = float.NaN;
        Refused(new Series(values, small.Channels)).WithMessage("*series 1 has no value at step 2 of channel 'y'.*Fill*");
        var tiny = good.Values.ToArray().Select(v => 1e-9f * v).ToArray();
        model.Fit([.. Enumerable.Range(0, 20).Select(i => new LabelledSeries(new Series(tiny, small.Channels),
            i % 2 == 0 ? "slow" : "fast"))]);
        values[5] = 1e38f;
        Refused(new Series(values, small.Channels)).WithMessage(
            "*series 1 has the value 1E+38 at step 2, which is infinite when it"
            + " is scaled*");
        FluentActions.Invoking(() => model.Score([new(short3, "slow") { Place = "'beats.csv', line 7" }]))
            .Should().Throw<ArgumentException>().WithMessage("*'beats.csv', line 7 has 3 steps*");
        FluentActions.Invoking(() => model.Score([])).Should().Throw<ArgumentException>().WithMessage("*at least one series*");

        FluentAssertions.Specialized.ExceptionAssertions<ArgumentException> Refused(Series other) =>
            FluentActions.Invoking(() => model.Predict([good, other])).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void Options_that_contradict_each_other_are_refused()
    {
        Refused(small with { Labels = ["one"] }).WithMessage("*at least 2 different labels; got 1 label.*");
        Refused(small with { Labels = ["a", "a"] }).WithMessage("*the label 'a' is listed twice*");
        Refused(small with { Channels = ["x", "x"] }).WithMessage("*the channel 'x' is listed twice*");
        Refused(small with { Encoder = SeriesEncoderKind.Gru, KernelSize = 3 }).WithMessage("*Gru has no convolutions*");
        Refused(small with { Pooling = TimePoolingKind.Last }).WithMessage("*Last needs Bidirectional = false*");
        Refused(small with { ScalesEachSeries = true, Scaling = ScalingKind.None }).WithMessage("*needs a Scaling other*");
        Refused(small with { LabelWeights = [1f] }).WithMessage("*one weight for each of the 2 labels; got 1.*");
        Refused(small with { MinimumLength = 0 }).WithMessage("*MinimumLength should be at least 1*");
        Refused(small with { Training = new() { Validation = 1 } }).WithMessage("*Validation should be in *0, 1).*");

        static FluentAssertions.Specialized.ExceptionAssertions<ArgumentException> Refused(SeriesClassifierOptions options) =>
            FluentActions.Invoking(() => new SeriesClassifier(options, new RandomGenerator(1)))
                .Should().Throw<ArgumentException>();
    }

    [Fact]
    public void A_run_that_is_resumed_gives_the_same_bits()
    {
        var (training, validation) = (Waves(20, seed: 1), Waves(10, seed: 2));
        byte[] Train(string name, params long[] stops)
        {
            SeriesClassifier? model = null;
            foreach (var steps in stops)
            {
                model?.Dispose();
                model = New(SeriesEncoderKind.Convolution, true);
                using var task = new SeriesClassifierTask(model, training, validation, batchSize: 8, seed: 3);
                using var adam = new Adam(model.Parameters());
                var trainer = new Trainer(task, adam, new TrainerOptions { Steps = steps, Folder = folder.File(name) });
                trainer.Resume();
                trainer.Run();
                task.LastScore!.Value.Count.Should().Be(10);
            }

            using (model)
                model!.Save(folder.File(name + ".safetensors"));
            return File.ReadAllBytes(folder.File(name + ".safetensors"));
        }

        Train("resumed", 5, 12).Should().Equal(Train("whole", 12));
    }

    [Fact]
    public void Series_of_equal_length_are_in_other_batches_in_each_epoch()
    {
        // All of one label come first, as in the files of the UCR archive; batches of one label alone would have other losses.
        LabelledSeries[] sorted = [.. Enumerable.Range(0, 40)
            .Select(i => new LabelledSeries(Wave(10, i < 20 ? 1.3 : 0.4, 0.1 * i), i < 20 ? "fast" : "slow"))];
        using var model = new SeriesClassifier(small with { Dropout = 0 }, new RandomGenerator(1));
        using var task = new SeriesClassifierTask(model, sorted, sorted, batchSize: 4, seed: 1);
        using var scope = new TensorScope();
        float[] losses = [.. Enumerable.Range(0, 3 * task.BatchesPerPass).Select(_ => task.NextLoss().Value.Item())];
        losses.Distinct().Should().HaveCountGreaterThan(2 * task.BatchesPerPass);
    }

    private static SeriesClassifier New(SeriesEncoderKind kind, bool bidirectional) =>
        new(small with { Encoder = kind, Bidirectional = bidirectional }, new RandomGenerator(1));

    private static float[] Probabilities(SeriesClassifier model, IEnumerable<LabelledSeries> series) =>
        [.. model.Predict([.. series.Select(s => s.Series)]).SelectMany(p => p.Probabilities)];

    /// <summary>Series of two kinds: the second channel swings faster or slower than the first.</summary>
    private static LabelledSeries[] Waves(int count, ulong seed)
    {
        var random = new RandomGenerator(seed);
        return [.. Enumerable.Range(0, count).Select(i => new LabelledSeries(
            Wave(15 + random.NextInt32(15), i % 2 == 0 ? 1.3 : 0.4, 6 * random.NextSingle()), i % 2 == 0 ? "fast" : "slow"))];
    }

    private static Series Wave(int length, double speed, double phase) => new(
        [.. Enumerable.Range(0, 2 * length).Select(i => (float)(i % 2 == 0
            ? Math.Sin((i / 2 * 0.7) + phase)
            : 2 + Math.Sin((i / 2 * speed) + phase)))], small.Channels);
}
