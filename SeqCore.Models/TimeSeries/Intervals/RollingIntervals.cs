namespace SeqCore.Models;

/// <summary>
/// The forecasts with intervals of <see cref="RollingOrigin.EvaluateIntervals"/>, and how the intervals did: the coverage that
/// they reached, and scores that reward narrow intervals as well. Values that are missing do not count.
/// </summary>
public sealed class RollingIntervals
{
    private readonly TimeSeries series;

    internal RollingIntervals(TimeSeries series, int horizon, IReadOnlyList<double> coverages, IReadOnlyList<int> origins,
        IReadOnlyList<IReadOnlyList<IntervalForecast>> forecasts)
    {
        (this.series, Horizon, Coverages, Origins, Forecasts) = (series, horizon, coverages, origins, forecasts);
        Points = new RollingForecasts(series, horizon, origins, [.. forecasts.Select(f => f[0].Point)]);
    }

    /// <summary>The number of steps of each forecast, H.</summary>
    public int Horizon { get; }

    /// <summary>The coverages that were asked for, increasing.</summary>
    public IReadOnlyList<double> Coverages { get; }

    /// <summary>The step of the series that each forecast begins with.</summary>
    public IReadOnlyList<int> Origins { get; }

    /// <summary>The forecasts from each origin, one for each coverage.</summary>
    public IReadOnlyList<IReadOnlyList<IntervalForecast>> Forecasts { get; }

    /// <summary>The forecasts without their intervals, and their errors.</summary>
    public RollingForecasts Points { get; }

    /// <summary>Computes the part of the values that were in their intervals; NaN where no value came.</summary>
    /// <param name="coverage">The coverage that was asked for, one of <see cref="Coverages"/>.</param>
    /// <param name="channel">The index of a channel; null, the default, for all.</param>
    public double Coverage(double coverage, int? channel = null) =>
        Over(coverage, channel, (y, lower, upper) => ForecastMetrics.Coverage(y, lower, upper));

    /// <summary>Computes the part of the values that were in their intervals, for each step of the horizon.</summary>
    /// <param name="coverage">The coverage that was asked for, one of <see cref="Coverages"/>.</param>
    /// <param name="channel">The index of a channel; null, the default, for all.</param>
    public IReadOnlyList<double> CoverageByStep(double coverage, int? channel = null) => [.. Enumerable.Range(0, Horizon)
        .Select(h => Over(coverage, channel, (y, lower, upper) => ForecastMetrics.Coverage(y, lower, upper), h))];

    /// <summary>Computes the mean width of the intervals, in the units of the series; NaN where no value came.</summary>
    /// <param name="coverage">The coverage that was asked for, one of <see cref="Coverages"/>.</param>
    /// <param name="channel">The index of a channel; null, the default, for all.</param>
    public double MeanWidth(double coverage, int? channel = null) =>
        Over(coverage, channel, (_, lower, upper) => MeanDifference(upper, lower));

    /// <summary>
    /// Computes the mean interval score (<see cref="ForecastMetrics.IntervalScore"/>); NaN where no value came.
    /// </summary>
    /// <param name="coverage">The coverage that was asked for, one of <see cref="Coverages"/>.</param>
    /// <param name="channel">The index of a channel; null, the default, for all.</param>
    public double IntervalScore(double coverage, int? channel = null) =>
        Over(coverage, channel, (y, lower, upper) => ForecastMetrics.IntervalScore(y, lower, upper, coverage));

    /// <summary>
    /// Computes the mean pinball loss (<see cref="ForecastMetrics.PinballLoss"/>) of both ends of the intervals, as the quantiles
    /// (1 - coverage) / 2 and (1 + coverage) / 2; NaN where no value came.
    /// </summary>
    /// <param name="coverage">The coverage that was asked for, one of <see cref="Coverages"/>.</param>
    /// <param name="channel">The index of a channel; null, the default, for all.</param>
    public double PinballLoss(double coverage, int? channel = null) =>
        IntervalScore(coverage, channel) * (1 - coverage) / 4;

    /// <summary>
    /// Computes the continuous ranked probability score, CRPS, in the units of the series: twice the integral of the pinball loss
    /// over all probabilities. The ends of the intervals and the forecast, taken as the median, each stand for the probabilities
    /// nearest to theirs, so that many coverages, such as 0.1 to 0.9, give a good approximation. NaN where no value came.
    /// </summary>
    /// <param name="channel">The index of a channel; null, the default, for all.</param>
    public double ContinuousRankedProbabilityScore(int? channel = null)
    {
        // Probabilities on both sides have the same weight: half the distance to each neighbour.
        double[] tails = [.. Coverages.Select(c => (1 - c) / 2)];
        var sum = 0.0;
        for (var i = 0; i < tails.Length; i++)
        {
            var (inner, outer) = (i == 0 ? 0.5 : tails[i - 1], i == tails.Length - 1 ? -tails[i] : tails[i + 1]);
            sum += (inner - outer) / 2 * 2 * PinballLoss(Coverages[i], channel);
        }

        var (y, _, _, points) = Collect(0, channel);
        return y.Length == 0 ? double.NaN
            : 2 * (sum + ((0.5 - tails[0]) * ForecastMetrics.PinballLoss(y, points, 0.5)));
    }

    private double Over(double coverage, int? channel, Func<float[], float[], float[], double> metric, int? step = null)
    {
        var index = Coverages.ToList().IndexOf(coverage);
        if (index < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(coverage), coverage,
                $"RollingIntervals: the coverages that were evaluated are {string.Join(", ", Coverages)}.");
        }

        var (y, lower, upper, _) = Collect(index, channel, step);
        return y.Length == 0 ? double.NaN : metric(y, lower, upper);
    }

    /// <summary>Returns the values that came, the ends of their intervals and their forecasts.</summary>
    private (float[] Actual, float[] Lower, float[] Upper, float[] Point) Collect(int index, int? channel, int? step = null)
    {
        if (channel is { } asked && (uint)asked >= (uint)series.ChannelCount)
        {
            throw new ArgumentOutOfRangeException(nameof(channel), channel,
                $"RollingIntervals: there are {Counted.Of(series.ChannelCount, "channel")}, from 0.");
        }

        var channels = series.ChannelCount;
        var (firstStep, lastStep) = step is { } one ? (one, one + 1) : (0, Horizon);
        var (from, to) = channel is { } only ? (only, only + 1) : (0, channels);
        var most = checked(Origins.Count * (lastStep - firstStep) * (to - from));
        var (actual, lower, upper, point, count) = (new float[most], new float[most], new float[most], new float[most], 0);
        for (var i = 0; i < Origins.Count; i++)
        {
            var forecast = Forecasts[i][index];
            var came = series.Values[(Origins[i] * channels)..];
            ReadOnlySpan<float> low = forecast.Lower.Values, high = forecast.Upper.Values, middle = forecast.Point.Values;
            for (var h = firstStep; h < lastStep; h++)
            {
                for (var place = (h * channels) + from; place < (h * channels) + to; place++)
                {
                    if (float.IsNaN(came[place]))
                        continue;
                    (actual[count], lower[count], upper[count]) = (came[place], low[place], high[place]);
                    point[count++] = middle[place];
                }
            }
        }

        return (actual[..count], lower[..count], upper[..count], point[..count]);
    }

    private static double MeanDifference(float[] upper, float[] lower)
    {
        var sum = 0.0;
        for (var i = 0; i < upper.Length; i++)
            sum += (double)upper[i] - lower[i];
        return sum / upper.Length;
    }
}
