using SeqCore.Models;

namespace SeqCore.Tests.Models.TimeSeries.Detectors;

/// <summary>The parts that make scores and alarms of errors, against their definitions.</summary>
public sealed class AnomalyScoreTests
{
    [Theory]
    [InlineData(10, 1)]
    [InlineData(25, 2)]
    [InlineData(40, 7)]
    public void The_likelihood_is_that_of_its_definition(int window, int shortTerm)
    {
        var random = new Random(3);
        double[] errors = [.. Enumerable.Range(0, 400).Select(_ => 1000 + random.NextDouble())];
        var likelihood = new AnomalyLikelihood(new LikelihoodOptions { Window = window, ShortTerm = shortTerm });
        var means = new List<double>();
        for (var i = 0; i < errors.Length; i++)
        {
            means.Add(errors[Math.Max(0, i + 1 - shortTerm)..(i + 1)].Average());
            double[] usual = [.. means.Take(means.Count - shortTerm).TakeLast(window)];
            var expected = 0.0;
            if (usual.Length >= 10)
            {
                var mean = usual.Average();
                expected = (means[^1] - mean) / Math.Sqrt(usual.Average(m => (m - mean) * (m - mean)));
            }

            likelihood.Add(errors[i]).Should().BeApproximately(expected, 1e-4, $"of error {i}");
        }

        likelihood.Reset();
        for (var i = 0; i < 300; i++)
            likelihood.Add(2);
        likelihood.Add(3).Should().BeApproximately(1 / (double)shortTerm / 1e-6, 1e-6,
            "equal errors deviate by no less than rounding");
        FluentActions.Invoking(() => likelihood.Add(double.NaN)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(1, 0.15865525393145705)]
    [InlineData(-1, 0.8413447460685429)]
    [InlineData(2.5, 0.006209665325776132)]
    [InlineData(4, 3.167124183311992e-05)]
    [InlineData(8, 6.220960574271786e-16)]
    public void The_tail_of_the_normal_distribution_has_its_values(double z, double tail) =>
        NormalTail.Above(z).Should().BeApproximately(tail, tail * 1e-11);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(40)]
    public void A_peak_is_above_the_scores_of_the_quiet_steps(int quietSteps)
    {
        var random = new Random(4);
        var scores = new List<double?>();
        var peak = new RecentPeak(quietSteps);
        for (var i = 0; i < 600; i++)
        {
            if (i == 300)
            {
                var state = new DetectorState();
                peak.Write(state);
                peak = new RecentPeak(quietSteps);
                var saved = new DetectorState(state.Values);
                peak.Read(saved);
                saved.RequireEnd();
            }

            double? score = random.Next(5) == 0 ? null : random.Next(30);
            var before = scores.TakeLast(quietSteps).Where(s => s is not null).DefaultIfEmpty(double.NegativeInfinity).Max();
            scores.Add(score);
            if (score is null)
                peak.Skip();
            else
                peak.Add(score.Value).Should().Be(score > before, $"of step {i}");
        }
    }

    [Fact]
    public void Thresholds_are_quantiles_and_beyond_the_data_an_exponential_tail()
    {
        var random = new Random(5);
        double[] scores = [.. Enumerable.Range(0, 5000).Select(_ => -Math.Log(1 - random.NextDouble()))];
        AlarmThreshold.Of(scores, 0.1).Should().BeApproximately(-Math.Log(0.1), 0.1);
        foreach (var rate in (double[])[0.01, 1e-4, 1e-6])
            AlarmThreshold.Of(scores, rate).Should().BeApproximately(-Math.Log(rate), 0.12 * -Math.Log(rate));
        FluentActions.Invoking(() => AlarmThreshold.Of(scores[..19], 0.01)).Should().Throw<DataSourceException>()
            .WithMessage("*at least 20 normal points*there are 19*");
        FluentActions.Invoking(() => AlarmThreshold.Of(scores, 0)).Should().Throw<ArgumentOutOfRangeException>();
        AlarmThreshold.RatePerWeek(7, TimeSpan.FromDays(1)).Should().Be(1);
        FluentActions.Invoking(() => AlarmThreshold.RatePerWeek(1, TimeSpan.Zero)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Options_out_of_range_are_refused_by_name()
    {
        Refuses(() => new SmoothingDetector(1, new() { Smoothing = 0 }), "Smoothing");
        Refuses(() => new SmoothingDetector(1, new() { Alarm = new() { FalseAlarmRate = 0.2 } }), "FalseAlarmRate");
        Refuses(() => new SmoothingDetector(1, new() { Alarm = new() { HeldOut = 1 } }), "HeldOut");
        Refuses(() => new SmoothingDetector(1, new() { Alarm = new() { QuietSteps = -1 } }), "QuietSteps");
        Refuses(() => new SmoothingDetector(1, new() { Likelihood = new() { Window = 9 } }), "Window");
        Refuses(() => new WindowedGaussianDetector(1, new() { Window = 5, Step = 6 }), "Step");
        Refuses(() => new RecurrentDetector(1, new() { SequenceLength = 8 }, new RandomGenerator(1)), "SequenceLength");
        Refuses(() => new RecurrentDetector(1, new() { Training = new() { Epochs = 0 } }, new RandomGenerator(1)), "Epochs");
        Refuses(() => new AutoencoderDetector(1, new() { Window = 1 }, new RandomGenerator(1)), "Window");

        static void Refuses(Func<object> make, string name) => FluentActions.Invoking(make).Should()
            .Throw<ArgumentOutOfRangeException>().WithMessage($"*Detector: {name} should *");
    }
}
