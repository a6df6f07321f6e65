namespace SeqCore.Models;

// Forecasts with quantiles and intervals.
public abstract partial class Forecaster
{
    /// <summary>
    /// The probabilities of the quantiles that it forecasts, in (0, 1) and increasing; null if it forecasts none. A forecaster of
    /// your own that overrides it overrides <see cref="PredictQuantiles"/> too, and its forecast is the quantile nearest to the
    /// median.
    /// </summary>
    public virtual IReadOnlyList<double>? Quantiles => null;

    /// <summary>Forecasts quantiles of the steps after the last one that it has seen.</summary>
    /// <param name="horizon">The number of steps, H, at least 1.</param>
    /// <exception cref="InvalidOperationException">It has not been fitted, or forecasts no quantiles.</exception>
    public QuantileForecast ForecastQuantiles(int horizon)
    {
        var frame = RequireFrame();
        Argument.AtLeast(horizon, Kind, nameof(horizon));
        var probabilities = Quantiles ?? throw new InvalidOperationException($"{Kind}: it forecasts no quantiles. Train a"
            + $" {nameof(NetworkForecaster)} with {nameof(NetworkForecasterOptions.Quantiles)}.");
        return new QuantileForecast(probabilities, [.. PredictQuantiles(horizon).Select(q => frame.Behind(q, Covariates))]);
    }

    /// <summary>Forecasts the steps after the last one that it has seen, with an interval around each value.</summary>
    /// <param name="horizon">The number of steps, H, at least 1.</param>
    /// <param name="coverage">The probability with which a value should be in its interval, in (0, 1).</param>
    /// <param name="covariates">As for <see cref="Forecast"/>; null, the default, for a forecaster without covariates.</param>
    /// <inheritdoc cref="ForecastIntervals(int, TimeSeries?, IReadOnlyList{double})"/>
    public IntervalForecast ForecastInterval(int horizon, double coverage, TimeSeries? covariates = null) =>
        ForecastIntervals(horizon, covariates, coverage)[0];

    /// <summary>
    /// Forecasts the steps after the last one that it has seen, with intervals of several coverages, without covariates.
    /// </summary>
    /// <inheritdoc cref="ForecastIntervals(int, TimeSeries?, IReadOnlyList{double})"/>
    public IReadOnlyList<IntervalForecast> ForecastIntervals(int horizon, params IReadOnlyList<double> coverages) =>
        ForecastIntervals(horizon, null, coverages);

    /// <summary>Forecasts the steps after the last one that it has seen, with intervals of several coverages.</summary>
    /// <param name="horizon">The number of steps, H, at least 1.</param>
    /// <param name="covariates">As for <see cref="Forecast"/>; null for a forecaster without covariates.</param>
    /// <param name="coverages">
    /// The probabilities with which a value should be in its interval, in (0, 1), at least one.
    /// </param>
    /// <returns>A forecast with intervals for each coverage.</returns>
    /// <exception cref="InvalidOperationException">It has not been fitted, or forecasts no intervals.</exception>
    /// <exception cref="ArgumentException">
    /// A coverage is out of range, or larger than between the outermost quantiles of the forecaster; or covariates do not fit.
    /// </exception>
    public IReadOnlyList<IntervalForecast> ForecastIntervals(int horizon, TimeSeries? covariates,
        params IReadOnlyList<double> coverages)
    {
        ArgumentNullException.ThrowIfNull(coverages);
        Argument.AtLeast(coverages.Count, Kind, nameof(coverages));
        foreach (var coverage in coverages)
            Argument.OpenProbability(coverage, Kind, nameof(coverages));
        var frame = RequireFrame();
        Argument.AtLeast(horizon, Kind, nameof(horizon));
        var values = PredictIntervals(horizon, RequireCovariates(frame, horizon, covariates), coverages);
        var point = frame.Behind(values.Point, Covariates);
        return [.. coverages.Zip(values.Bounds,
            (c, b) => new IntervalForecast(point, frame.Behind(b.Lower, Covariates), frame.Behind(b.Upper, Covariates), c))];
    }

    /// <summary>
    /// Computes the values of the next steps for each of <see cref="Quantiles"/>: all channels at the first step, then at the
    /// second, H C in all, none below that of a smaller probability.
    /// </summary>
    /// <param name="horizon">The number of steps, H.</param>
    protected virtual IReadOnlyList<float[]> PredictQuantiles(int horizon) =>
        throw new InvalidOperationException($"{Kind}: it has {nameof(Quantiles)}, but does not override"
            + $" {nameof(PredictQuantiles)}.");

    /// <summary>Computes intervals; by default those between quantiles.</summary>
    private protected virtual IntervalValues PredictIntervals(int horizon, TimeSeries? covariates,
        IReadOnlyList<double> coverages)
    {
        if (Quantiles is not { } probabilities)
        {
            throw new InvalidOperationException($"{Kind}: it forecasts no intervals. Put it into a {nameof(ConformalForecaster)},"
                + $" or train a {nameof(NetworkForecaster)} with {nameof(NetworkForecasterOptions.Quantiles)}.");
        }

        var largest = QuantileForecast.LargestCoverage(probabilities);
        foreach (var coverage in coverages.Where(c => c > largest))
        {
            throw new ArgumentOutOfRangeException(nameof(coverages), coverage, $"{Kind}: its quantiles, from {probabilities[0]}"
                + $" to {probabilities[^1]}, give intervals of a coverage of at most {Math.Max(0, largest):0.###}. Train it with"
                + $" others, or put it into a {nameof(ConformalForecaster)}.");
        }

        var values = PredictQuantiles(horizon);
        return new IntervalValues(values[NearestToMedian(probabilities)], [.. coverages.Select(c => (
            QuantileForecast.Between(probabilities, values, (1 - c) / 2),
            QuantileForecast.Between(probabilities, values, (1 + c) / 2)))]);
    }

    /// <summary>Returns the index of the probability nearest to 1/2, the lower of two.</summary>
    internal static int NearestToMedian(IReadOnlyList<double> probabilities) => Nearest(probabilities, 0.5);

    /// <summary>Returns the index of the nearest probability, the lower of two.</summary>
    internal static int Nearest(IReadOnlyList<double> probabilities, double probability) =>
        Enumerable.Range(0, probabilities.Count).MinBy(i => Math.Abs(probabilities[i] - probability));
}
