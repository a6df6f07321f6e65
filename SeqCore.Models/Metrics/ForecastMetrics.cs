namespace SeqCore.Models;

/// <summary>
/// Errors of forecasts (definitions: Hyndman and Koehler, "Another look at measures of forecast accuracy", International Journal
/// of Forecasting 22, 2006). Values that are NaN in the actual series are left out.
/// </summary>
/// <example>
/// <code>
/// float[] actual = [10f, 20f, 30f], forecast = [12f, 18f, 30f];
/// Console.WriteLine($"{ForecastMetrics.MeanAbsoluteError(actual, forecast):0.00}");                         // 1.33
/// Console.WriteLine($"{ForecastMetrics.RootMeanSquaredError(actual, forecast):0.00}");                      // 1.63
/// Console.WriteLine($"{ForecastMetrics.MeanAbsoluteScaledError(actual, forecast, [5f, 10f, 15f]):0.00}");   // 0.27
/// </code>
/// </example>
public static class ForecastMetrics
{
    private const string Name = nameof(ForecastMetrics);

    /// <summary>Computes the mean absolute error, MAE, in the units of the series.</summary>
    /// <param name="actual">The values that came.</param>
    /// <param name="forecast">The values that were forecast, as many.</param>
    /// <exception cref="ArgumentException">Lengths differ, a forecast is NaN, or there is nothing to compare.</exception>
    public static double MeanAbsoluteError(ReadOnlySpan<float> actual, ReadOnlySpan<float> forecast) =>
        Mean(actual, forecast, (a, f) => Math.Abs(a - f));

    /// <summary>Computes the mean squared error, MSE, in squared units of the series.</summary>
    /// <inheritdoc cref="MeanAbsoluteError"/>
    public static double MeanSquaredError(ReadOnlySpan<float> actual, ReadOnlySpan<float> forecast) =>
        Mean(actual, forecast, (a, f) => (a - f) * (a - f));

    /// <summary>Computes the root of the mean squared error, RMSE, in the units of the series.</summary>
    /// <inheritdoc cref="MeanAbsoluteError"/>
    public static double RootMeanSquaredError(ReadOnlySpan<float> actual, ReadOnlySpan<float> forecast) =>
        Math.Sqrt(MeanSquaredError(actual, forecast));

    /// <summary>
    /// Computes the symmetric mean absolute percentage error, sMAPE, in percent from 0 to 200: the mean of 200 |a - f| / (|a| +
    /// |f|), as in the M4 competition; both being 0 is no error.
    /// </summary>
    /// <inheritdoc cref="MeanAbsoluteError"/>
    public static double SymmetricMeanAbsolutePercentageError(ReadOnlySpan<float> actual, ReadOnlySpan<float> forecast) =>
        Mean(actual, forecast, (a, f) => a == f ? 0 : 200 * Math.Abs(a - f) / (Math.Abs(a) + Math.Abs(f)));

    /// <summary>
    /// Computes the mean absolute scaled error, MASE: the mean absolute error divided by that of a seasonal naive forecast of one
    /// step within the series for training. Below 1 is better than that. It has no unit.
    /// </summary>
    /// <param name="actual">The values that came.</param>
    /// <param name="forecast">The values that were forecast, as many.</param>
    /// <param name="training">The series before them, longer than the season.</param>
    /// <param name="season">The number of steps of a season, m, at least 1; 1 for none.</param>
    /// <exception cref="ArgumentException">
    /// Lengths differ, a forecast is NaN, there is nothing to compare, or the series for training has no seasonal change.
    /// </exception>
    public static double MeanAbsoluteScaledError(ReadOnlySpan<float> actual, ReadOnlySpan<float> forecast,
        ReadOnlySpan<float> training, int season = 1) => MeanAbsoluteError(actual, forecast) / SeasonalScale(training, season);

    /// <summary>
    /// Computes the mean absolute error of a seasonal naive forecast of a series, by which MASE is scaled: the mean of |y_t -
    /// y_(t-m)|.
    /// </summary>
    /// <param name="training">The series, longer than the season.</param>
    /// <param name="season">The number of steps of a season, m, at least 1; 1 for none.</param>
    /// <exception cref="ArgumentException">The series is too short, or repeats itself exactly.</exception>
    public static double SeasonalScale(ReadOnlySpan<float> training, int season = 1)
    {
        Argument.AtLeast(season, Name, nameof(season));
        var (sum, count) = (0.0, 0);
        for (var t = season; t < training.Length; t++)
        {
            var change = Math.Abs((double)training[t] - training[t - season]);
            if (!double.IsNaN(change))
                (sum, count) = (sum + change, count + 1);
        }

        return sum > 0
            ? sum / count
            : throw new ArgumentException(count == 0
                ? $"{Name}: a series of {Counted.Of(training.Length, "step")} has no values a season of {season} apart."
                : $"{Name}: the series for training repeats itself exactly every {Counted.Of(season, "step")}, so errors"
                    + " cannot be scaled by its changes.", nameof(training));
    }

    /// <summary>
    /// Computes the mean pinball loss of forecasts of a quantile q: q (a - f) where the actual value is above, (1 - q) (f - a)
    /// where it is below (Koenker and Bassett, "Regression quantiles", Econometrica 46, 1978). It is least for the true quantile.
    /// </summary>
    /// <param name="actual">The values that came.</param>
    /// <param name="forecast">The quantiles that were forecast, as many.</param>
    /// <param name="quantile">The probability of being below the forecast, q, in (0, 1).</param>
    /// <exception cref="ArgumentException">Lengths differ, a forecast is NaN, or there is nothing to compare.</exception>
    public static double PinballLoss(ReadOnlySpan<float> actual, ReadOnlySpan<float> forecast, double quantile)
    {
        Argument.OpenProbability(quantile, Name, nameof(quantile));
        return Mean(actual, forecast, (a, f) => Math.Max(quantile * (a - f), (quantile - 1) * (a - f)));
    }

    /// <summary>
    /// Computes the continuous ranked probability score, CRPS, of forecasts by quantiles: twice the mean pinball loss over
    /// equally spaced quantiles, which tends to the integral over all of them (Gneiting and Raftery, JASA 102, 2007).
    /// </summary>
    /// <param name="actual">The values that came, T of them.</param>
    /// <param name="forecasts">For each quantile the T values that were forecast.</param>
    /// <param name="quantiles">The quantiles, in (0, 1), increasing.</param>
    /// <exception cref="ArgumentException">Lengths differ, a forecast is NaN, or quantiles do not increase.</exception>
    public static double ContinuousRankedProbabilityScore(ReadOnlySpan<float> actual, IReadOnlyList<float[]> forecasts,
        IReadOnlyList<double> quantiles)
    {
        Argument.NoNulls(forecasts, Name, nameof(forecasts));
        ArgumentNullException.ThrowIfNull(quantiles);
        if (quantiles.Count == 0 || quantiles.Count != forecasts.Count)
        {
            throw new ArgumentException($"{Name}: each quantile needs its forecasts; got {quantiles.Count} quantiles and"
                + $" {forecasts.Count} forecasts.", nameof(quantiles));
        }

        var sum = 0.0;
        for (var i = 0; i < quantiles.Count; i++)
        {
            if (i > 0 && quantiles[i] <= quantiles[i - 1])
                throw new ArgumentException($"{Name}: the quantiles should increase.", nameof(quantiles));
            sum += PinballLoss(actual, forecasts[i], quantiles[i]);
        }

        return 2 * sum / quantiles.Count;
    }

    /// <summary>Computes the part of the values that lie in an interval, ends included.</summary>
    /// <param name="actual">The values that came.</param>
    /// <param name="lower">The lower ends that were forecast, as many.</param>
    /// <param name="upper">The upper ends, as many.</param>
    /// <exception cref="ArgumentException">Lengths differ, an end is NaN, or there is nothing to compare.</exception>
    public static double Coverage(ReadOnlySpan<float> actual, ReadOnlySpan<float> lower, ReadOnlySpan<float> upper)
    {
        Check(actual, lower, nameof(lower));
        Check(actual, upper, nameof(upper));
        var (inside, count) = (0, 0);
        for (var i = 0; i < actual.Length; i++)
        {
            if (float.IsNaN(actual[i]))
                continue;
            count++;
            if (actual[i] >= lower[i] && actual[i] <= upper[i])
                inside++;
        }

        return (double)inside / count;
    }

    /// <summary>
    /// Computes the mean interval score, also named after Winkler: the width, plus 2 / (1 - coverage) times the distance of an
    /// actual value outside (Gneiting and Raftery, JASA 102, 2007). It is least for the true quantiles, so it rewards narrow
    /// intervals and punishes misses.
    /// </summary>
    /// <param name="actual">The values that came.</param>
    /// <param name="lower">The lower ends that were forecast, as many.</param>
    /// <param name="upper">The upper ends, as many.</param>
    /// <param name="coverage">The probability at which the intervals aim, in (0, 1).</param>
    /// <exception cref="ArgumentException">Lengths differ, an end is NaN, or there is nothing to compare.</exception>
    public static double IntervalScore(ReadOnlySpan<float> actual, ReadOnlySpan<float> lower, ReadOnlySpan<float> upper,
        double coverage)
    {
        Argument.OpenProbability(coverage, Name, nameof(coverage));
        var tail = (1 - coverage) / 2;
        return (PinballLoss(actual, lower, tail) + PinballLoss(actual, upper, 1 - tail)) / tail;
    }

    private static double Mean(ReadOnlySpan<float> actual, ReadOnlySpan<float> forecast, Func<double, double, double> error)
    {
        Check(actual, forecast, nameof(forecast));
        var (sum, count) = (0.0, 0);
        for (var i = 0; i < actual.Length; i++)
        {
            if (!float.IsNaN(actual[i]))
                (sum, count) = (sum + error(actual[i], forecast[i]), count + 1);
        }

        return sum / count;
    }

    private static void Check(ReadOnlySpan<float> actual, ReadOnlySpan<float> forecast, string name)
    {
        if (actual.Length != forecast.Length)
        {
            throw new ArgumentException($"{Name}: each value needs a forecast; got {Counted.Of(actual.Length, "value")} and"
                + $" {Counted.Of(forecast.Length, "forecast")}.", name);
        }

        var isEmpty = true;
        for (var i = 0; i < actual.Length; i++)
        {
            isEmpty &= float.IsNaN(actual[i]);
            if (float.IsNaN(forecast[i]) && !float.IsNaN(actual[i]))
                throw new ArgumentException($"{Name}: forecast {i} is NaN.", name);
        }

        if (isEmpty)
            throw new ArgumentException($"{Name}: there is no value to compare with a forecast.", nameof(actual));
    }
}
