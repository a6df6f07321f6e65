using SeqCore.Models;

namespace SeqCore.Tests.Models.Metrics;

public sealed class ForecastMetricsTests
{
    private static readonly float[] actual = [10, 20, float.NaN, 40], forecast = [12, 18, 5, 40];

    [Fact]
    public void Errors_are_means_over_the_values_that_are_there()
    {
        ForecastMetrics.MeanAbsoluteError(actual, forecast).Should().BeApproximately(4.0 / 3, 1e-12);
        ForecastMetrics.MeanSquaredError(actual, forecast).Should().BeApproximately(8.0 / 3, 1e-12);
        ForecastMetrics.RootMeanSquaredError(actual, forecast).Should().BeApproximately(Math.Sqrt(8.0 / 3), 1e-12);
        ForecastMetrics.SymmetricMeanAbsolutePercentageError(actual, forecast).Should()
            .BeApproximately(((200 * 2 / 22.0) + (200 * 2 / 38.0)) / 3, 1e-12);
        ForecastMetrics.SymmetricMeanAbsolutePercentageError([0, 1], [0, 0]).Should().Be(100);
    }

    [Fact]
    public void The_scaled_error_divides_by_the_seasonal_naive_one()
    {
        // |4 - 1|, |6 - 2|, |5 - 4|: a season of two steps, the fourth change has a missing value.
        float[] training = [1, 2, 4, 6, 5, float.NaN];
        ForecastMetrics.SeasonalScale(training, 2).Should().BeApproximately(8.0 / 3, 1e-12);
        ForecastMetrics.MeanAbsoluteScaledError(actual, forecast, training, 2).Should().BeApproximately(0.5, 1e-12);
        Refused(() => ForecastMetrics.SeasonalScale([1, 2, 1, 2], 2), "*repeats itself exactly every 2 steps*");
        Refused(() => ForecastMetrics.SeasonalScale([1, 2], 2), "*2 steps has no values a season of 2 apart*");
    }

    [Fact]
    public void The_pinball_loss_is_least_for_the_quantile()
    {
        var random = new Random(1);
        float[] values = [.. Enumerable.Range(0, 999).Select(_ => random.NextSingle())];
        float[] candidates = [.. Enumerable.Range(0, 101).Select(i => i / 100f)];
        foreach (var q in (double[])[0.1, 0.5, 0.9])
        {
            var best = candidates.MinBy(c => ForecastMetrics.PinballLoss(values, [.. values.Select(_ => c)], q));
            best.Should().BeApproximately(values.Order().ElementAt((int)(q * 999)), 0.011f);
        }

        ForecastMetrics.PinballLoss([10], [8], 0.9).Should().BeApproximately(1.8, 1e-12);
        ForecastMetrics.PinballLoss([10], [12], 0.9).Should().BeApproximately(0.2, 1e-12);
    }

    [Fact]
    public void The_ranked_probability_score_tends_to_its_integral()
    {
        // Of the uniform distribution on [0, 1], CRPS of y is y^2 - y + 1/3.
        double[] quantiles = [.. Enumerable.Range(0, 999).Select(i => (i + 0.5) / 999)];
        float[][] forecasts = [.. quantiles.Select(q => (float[])[(float)q, (float)q])];
        ForecastMetrics.ContinuousRankedProbabilityScore([0.2f, 0.5f], forecasts, quantiles).Should()
            .BeApproximately(((0.04 - 0.2 + (1 / 3.0)) + (0.25 - 0.5 + (1 / 3.0))) / 2, 1e-5);
        Refused(() => ForecastMetrics.ContinuousRankedProbabilityScore([1], [[1], [1]], [0.5, 0.5]), "*should increase*");
        Refused(() => ForecastMetrics.ContinuousRankedProbabilityScore([1], [[1]], [0.5, 0.6]), "*2 quantiles and 1 forecasts*");
    }

    [Fact]
    public void Coverage_counts_both_ends() =>
        ForecastMetrics.Coverage(actual, [10, 21, 0, 0], [12, 22, 0, 40]).Should().BeApproximately(2.0 / 3, 1e-12);

    [Fact]
    public void The_interval_score_is_the_width_and_what_lies_outside() =>
        ForecastMetrics.IntervalScore([5, 0, 12, float.NaN], [4, 1, 8, 0], [6, 3, 10, 1], 0.8).Should()
            .BeApproximately((2 + (2 + 10) + (2 + 20)) / 3.0, 1e-9);

    [Fact]
    public void Wrong_arguments_are_told()
    {
        Refused(() => ForecastMetrics.MeanAbsoluteError([1, 2], [1]), "*2 values and 1 forecast*");
        Refused(() => ForecastMetrics.MeanAbsoluteError([1, 2], [1, float.NaN]), "*forecast 1 is NaN*");
        Refused(() => ForecastMetrics.MeanAbsoluteError([float.NaN], [1]), "*no value to compare*");
        Refused(() => ForecastMetrics.PinballLoss([1], [1], 1), "*quantile should be in (0, 1)*");
    }

    private static void Refused(Action act, string message) => act.Should().Throw<ArgumentException>().WithMessage(message);
}
