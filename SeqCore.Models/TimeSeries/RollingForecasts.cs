namespace SeqCore.Models;

/// <summary>The forecasts of <see cref="RollingOrigin.Evaluate"/>, and their errors over all channels and origins.</summary>
public sealed class RollingForecasts
{
    private readonly TimeSeries series;

    internal RollingForecasts(TimeSeries series, int horizon, IReadOnlyList<int> origins, IReadOnlyList<TimeSeries> forecasts)
    {
        (this.series, Horizon, Origins, Forecasts) = (series, horizon, origins, forecasts);
        MeanAbsoluteErrorByStep = [.. Enumerable.Range(0, horizon).Select(h => Of(h, ForecastMetrics.MeanAbsoluteError))];
        MeanSquaredErrorByStep = [.. Enumerable.Range(0, horizon).Select(h => Of(h, ForecastMetrics.MeanSquaredError))];
    }

    private delegate double Metric(ReadOnlySpan<float> actual, ReadOnlySpan<float> forecast);

    /// <summary>The number of steps of each forecast, H.</summary>
    public int Horizon { get; }

    /// <summary>The step of the series that each forecast begins with.</summary>
    public IReadOnlyList<int> Origins { get; }

    /// <summary>The forecast from each origin.</summary>
    public IReadOnlyList<TimeSeries> Forecasts { get; }

    /// <summary>
    /// The mean absolute error of the first step of all forecasts, of the second, and so on; NaN where no value came.
    /// </summary>
    public IReadOnlyList<double> MeanAbsoluteErrorByStep { get; }

    /// <summary>
    /// The mean squared error of the first step of all forecasts, of the second, and so on; NaN where no value came.
    /// </summary>
    public IReadOnlyList<double> MeanSquaredErrorByStep { get; }

    /// <summary>The mean absolute error over all steps; NaN where no value came.</summary>
    public double MeanAbsoluteError => Over(ForecastMetrics.MeanAbsoluteError);

    /// <summary>The mean squared error over all steps; NaN where no value came.</summary>
    public double MeanSquaredError => Over(ForecastMetrics.MeanSquaredError);

    /// <summary>
    /// Computes the mean absolute scaled error of one channel (see <see cref="ForecastMetrics.MeanAbsoluteScaledError"/>).
    /// </summary>
    /// <param name="channel">The index of the channel among those that are forecast.</param>
    /// <param name="training">The series that the forecaster was fitted to.</param>
    /// <param name="season">The number of steps of a season, at least 1; 1 for none.</param>
    public double MeanAbsoluteScaledError(int channel, TimeSeries training, int season = 1)
    {
        ArgumentNullException.ThrowIfNull(training);
        var pairs = Enumerable.Range(0, Horizon).SelectMany(h => Pairs(h, channel)).ToList();
        return ForecastMetrics.MeanAbsoluteScaledError([.. pairs.Select(p => p.Actual)], [.. pairs.Select(p => p.Forecast)],
            training.ChannelValues(training.IndexOf(series.Channels[channel])), season);
    }

    private double Over(Metric metric) => Of(Enumerable.Range(0, Horizon).SelectMany(h => Pairs(h)), metric);

    private double Of(int step, Metric metric) => Of(Pairs(step), metric);

    private static double Of(IEnumerable<(float Actual, float Forecast)> pairs, Metric metric)
    {
        var known = pairs.Where(p => !float.IsNaN(p.Actual)).ToList();
        return known.Count == 0 ? double.NaN : metric([.. known.Select(p => p.Actual)], [.. known.Select(p => p.Forecast)]);
    }

    /// <summary>Returns what came and what was forecast at a step of all forecasts, of one channel or of all.</summary>
    private IEnumerable<(float Actual, float Forecast)> Pairs(int step, int channel = -1)
    {
        for (var i = 0; i < Origins.Count; i++)
        {
            for (var c = 0; c < series.ChannelCount; c++)
            {
                if (channel < 0 || c == channel)
                    yield return (series[Origins[i] + step, c], Forecasts[i][step, c]);
            }
        }
    }
}
