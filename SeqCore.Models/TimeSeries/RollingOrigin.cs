namespace SeqCore.Models;

/// <summary>
/// Judges a forecaster as it is used: it forecasts from a first origin, sees the steps that came, forecasts again, and so on to
/// the end of the series (Tashman, "Out-of-sample tests of forecasting accuracy", International Journal of Forecasting 16, 2000).
/// </summary>
/// <example>
/// <code>
/// var series = new TimeSeries([1f, 2f, 3f, 4f, 5f, 6f]);
/// using var naive = new NaiveForecaster();
/// naive.Fit(series.Slice(0, 3));
/// var rolled = RollingOrigin.Evaluate(naive, series.Slice(3, 3), horizon: 2);
/// Console.WriteLine(rolled.Origins.Count);                                      // 2
/// Console.WriteLine(rolled.MeanAbsoluteError);                                  // 1.5
/// Console.WriteLine(string.Join(" ", rolled.MeanAbsoluteErrorByStep));          // 1 2
/// </code>
/// </example>
public static class RollingOrigin
{
    /// <summary>Forecasts from each origin and compares with what came. The forecaster has seen all steps afterwards.</summary>
    /// <param name="forecaster">A fitted forecaster, whose next step is the first one of the series.</param>
    /// <param name="series">
    /// The steps to be forecast; those with a missing value do not count. Covariates are taken from it too.
    /// </param>
    /// <param name="horizon">The number of steps of each forecast, H, at least 1.</param>
    /// <param name="stride">The number of steps from one origin to the next, at least 1; 1 by default.</param>
    /// <param name="cancellation">Ends the evaluation.</param>
    /// <exception cref="DataSourceException">The series has fewer steps than the horizon.</exception>
    /// <exception cref="OperationCanceledException">The evaluation was ended.</exception>
    public static RollingForecasts Evaluate(Forecaster forecaster, TimeSeries series, int horizon, int stride = 1,
        CancellationToken cancellation = default)
    {
        var (origins, forecasts) = Roll(forecaster, series, horizon, stride, (f, origin) => f.ForecastIn(series, origin, horizon),
            cancellation);
        return new RollingForecasts(forecaster.WithoutCovariates(series), horizon, origins, forecasts);
    }

    /// <summary>
    /// Forecasts with intervals from each origin and compares with what came. The forecaster has seen all steps afterwards.
    /// </summary>
    /// <param name="forecaster">
    /// A fitted forecaster with intervals, such as a <see cref="ConformalForecaster"/>, whose next step is the first one of the
    /// series.
    /// </param>
    /// <param name="series">
    /// The steps to be forecast; those with a missing value do not count. Covariates are taken from it too.
    /// </param>
    /// <param name="horizon">The number of steps of each forecast, H, at least 1.</param>
    /// <param name="coverages">The coverages that are asked for, in (0, 1), at least one, all different.</param>
    /// <param name="stride">The number of steps from one origin to the next, at least 1; 1 by default.</param>
    /// <param name="cancellation">Ends the evaluation.</param>
    /// <exception cref="InvalidOperationException">The forecaster has not been fitted, or forecasts no intervals.</exception>
    /// <exception cref="DataSourceException">The series has fewer steps than the horizon.</exception>
    /// <exception cref="OperationCanceledException">The evaluation was ended.</exception>
    public static RollingIntervals EvaluateIntervals(Forecaster forecaster, TimeSeries series, int horizon,
        IReadOnlyList<double> coverages, int stride = 1, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(coverages);
        double[] sorted = [.. coverages.Order()];
        Argument.Increasing(sorted, nameof(RollingOrigin), nameof(coverages));
        var (origins, forecasts) = Roll(forecaster, series, horizon, stride,
            (f, origin) => f.ForecastIntervals(horizon, f.CovariatesIn(series, origin, horizon), sorted), cancellation);
        return new RollingIntervals(forecaster.WithoutCovariates(series), horizon, sorted, origins, forecasts);
    }

    private static (List<int> Origins, List<T> Forecasts) Roll<T>(Forecaster forecaster, TimeSeries series, int horizon,
        int stride, Func<Forecaster, int, T> forecast, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(forecaster);
        ArgumentNullException.ThrowIfNull(series);
        Argument.AtLeast(horizon, nameof(RollingOrigin), nameof(horizon));
        Argument.AtLeast(stride, nameof(RollingOrigin), nameof(stride));
        if (series.Length < horizon)
        {
            throw new DataSourceException($"A forecast of {Counted.Of(horizon, "step")} cannot be compared with"
                + $" {Counted.Of(series.Length, "step")}. Use more data, or a shorter horizon.");
        }

        var (origins, forecasts, seen) = (new List<int>(), new List<T>(), 0);
        for (var origin = 0; origin + horizon <= series.Length; origin += stride)
        {
            cancellation.ThrowIfCancellationRequested();
            if (origin > seen)
                forecaster.Update(series.Slice(seen, origin - seen));
            seen = origin;
            origins.Add(origin);
            forecasts.Add(forecast(forecaster, origin));
        }

        if (seen < series.Length)
            forecaster.Update(series.Slice(seen, series.Length - seen));
        return (origins, forecasts);
    }
}
