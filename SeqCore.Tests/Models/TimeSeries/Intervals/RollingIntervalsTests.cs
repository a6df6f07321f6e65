using SeqCore.Models;
using Series = SeqCore.Models.TimeSeries;

namespace SeqCore.Tests.Models.TimeSeries.Intervals;

public sealed class RollingIntervalsTests
{
    [Fact]
    public void Scores_are_those_of_all_values_that_came()
    {
        // Quantiles -1, 0 and 2 of 0.1, 0.5 and 0.9; the values 1, 3, none, -2 from two origins of two steps each.
        using var forecaster = new FixedForecaster(-1, 0, 2);
        forecaster.Fit(new Series([0]));
        var rolled = RollingOrigin.EvaluateIntervals(forecaster, new Series([1, 3, float.NaN, -2]), horizon: 2, [0.8], stride: 2);
        rolled.Origins.Should().Equal(0, 2);
        rolled.Coverage(0.8).Should().BeApproximately(1 / 3.0, 1e-12);
        rolled.CoverageByStep(0.8).Should().Equal(1, 0);
        rolled.MeanWidth(0.8).Should().Be(3);
        rolled.IntervalScore(0.8).Should().BeApproximately((3 + (3 + 10) + (3 + 10)) / 3.0, 1e-9);
        rolled.Points.MeanAbsoluteError.Should().Be(2);
        float[] came = [1, 3, -2];
        double Pinball(float value, double q) => ForecastMetrics.PinballLoss(came, [value, value, value], q);
        rolled.PinballLoss(0.8).Should().BeApproximately((Pinball(-1, 0.1) + Pinball(2, 0.9)) / 2, 1e-9);
        rolled.ContinuousRankedProbabilityScore(channel: 0).Should()
            .BeApproximately(2 * ((0.3 * Pinball(-1, 0.1)) + (0.4 * Pinball(0, 0.5)) + (0.3 * Pinball(2, 0.9))), 1e-9);
        forecaster.Seen.Should().Be(5);
        FluentActions.Invoking(() => rolled.Coverage(0.9)).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("*that were evaluated are 0.8*");
        FluentActions.Invoking(() => rolled.MeanWidth(0.8, channel: 1)).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("*there are 1 channel, from 0*");
    }

    [Fact]
    public void The_ranked_probability_score_tends_to_its_integral()
    {
        // Of values and forecasts that are both uniform on [0, 1], CRPS is 1/6 on average.
        const int Count = 6000;
        var random = new RandomGenerator(1);
        using var forecaster = new ConformalForecaster(new FixedForecaster(0.5f), new() { Horizon = 1, Window = 2000 });
        var series = new Series([.. Enumerable.Range(0, Count + 3000).Select(_ => random.NextSingle())]);
        forecaster.Fit(series.Slice(0, 3000));
        double[] coverages = [.. Enumerable.Range(1, 19).Select(i => i / 20.0)];
        var rolled = RollingOrigin.EvaluateIntervals(forecaster, series.Slice(3000, Count), 1, coverages, stride: 10);
        rolled.ContinuousRankedProbabilityScore().Should().BeApproximately(1 / 6.0, 0.008);
        var widths = coverages.Select(c => rolled.MeanWidth(c)).ToList();
        widths.Zip(coverages).Should().AllSatisfy(p => p.First.Should().BeApproximately(p.Second, 0.03));
    }

    [Fact]
    public void Coverages_are_sorted_and_different_and_without_values_there_is_no_score()
    {
        using var forecaster = new FixedForecaster(-1, 0, 2);
        forecaster.Fit(new Series([0]));
        var rolled = RollingOrigin.EvaluateIntervals(forecaster, new Series([float.NaN]), horizon: 1, [0.8, 0.5]);
        rolled.Coverages.Should().Equal(0.5, 0.8);
        rolled.Coverage(0.5).Should().Be(double.NaN);
        rolled.ContinuousRankedProbabilityScore().Should().Be(double.NaN);
        FluentActions.Invoking(() => RollingOrigin.EvaluateIntervals(forecaster, new Series([1]), 1, [0.8, 0.8])).Should()
            .Throw<ArgumentException>().WithMessage("*coverages should increase*");
        FluentActions.Invoking(() => RollingOrigin.EvaluateIntervals(forecaster, new Series([1]), 1, [0.9])).Should()
            .Throw<ArgumentOutOfRangeException>().WithMessage("*from 0.1 to 0.9, give intervals of a coverage of at most 0.8.*");
    }

    [Fact]
    public void Quantiles_between_those_that_were_forecast_lie_on_a_line()
    {
        using var forecaster = new FixedForecaster(-1, 0, 2);
        forecaster.Fit(new Series([0]));
        var quantiles = forecaster.ForecastQuantiles(1);
        quantiles.At(0.1)[0, 0].Should().Be(-1);
        quantiles.At(0.7)[0, 0].Should().BeApproximately(1, 1e-6f);
        quantiles.At(0.9)[0, 0].Should().Be(2);
        FluentActions.Invoking(() => quantiles.At(0.95)).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("*are from 0.1 to 0.9*");
        var half = forecaster.ForecastInterval(1, 0.4);
        half.Lower[0, 0].Should().BeApproximately(-0.5f, 1e-6f);
        half.Upper[0, 0].Should().BeApproximately(1, 1e-6f);
    }
}
