namespace SeqCore.Models;

/// <summary>The forecasts of <see cref="RollingOrigin.Evaluate"/>, and their errors over all channels and origins.</summary>
public sealed class RollingForecasts
{
    private readonly TimeSeries series;

    internal RollingForecasts(TimeSeries series, int horizon, IReadOnlyList<int> origins, IReadOnlyList<TimeSeries> forecasts)
    {
        (this.series, Horizon, Origins, Forecasts) = (series, horizon, origins, forecasts);
        (MeanAbsoluteErrorByStep, MeanSquaredErrorByStep) = (new double[horizon], new double[horizon]);
        var (absolute, squared) = ((double[])MeanAbsoluteErrorByStep, (double[])MeanSquaredErrorByStep);
        for (var h = 0; h < horizon; h++)
        {
            var (actual, forecast) = Known(h, 1);
            absolute[h] = Of(actual, forecast, ForecastMetrics.MeanAbsoluteError);
            squared[h] = Of(actual, forecast, ForecastMetrics.MeanSquaredError);
        }
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
        var (actual, forecast) = Known(0, Horizon, channel);
        return ForecastMetrics.MeanAbsoluteScaledError(actual, forecast,
            training.ChannelValues(training.IndexOf(series.Channels[channel])), season);
    }

    private double Over(Metric metric)
    {
        var (actual, forecast) = Known(0, Horizon);
        return Of(actual, forecast, metric);
    }

    private static double Of(float[] actual, float[] forecast, Metric metric) =>
        actual.Length == 0 ? double.NaN : metric(actual, forecast);

    /// <summary>
    /// Returns what came and what was forecast at steps of all forecasts, of one channel or of all, without missing values.
    /// </summary>
    private (float[] Actual, float[] Forecast) Known(int first, int steps, int channel = -1)
    {
        var (channels, count) = (series.ChannelCount, 0);
        var (from, to) = channel < 0 ? (0, channels) : (channel, channel + 1);
        var actual = new float[checked(steps * Origins.Count * (to - from))];
        var forecast = new float[actual.Length];
        for (var h = first; h < first + steps; h++)
        {
            for (var i = 0; i < Origins.Count; i++)
            {
                var came = series.Values[((Origins[i] + h) * channels)..];
                var made = Forecasts[i].Values[(h * channels)..];
                for (var c = from; c < to; c++)
                {
                    if (!float.IsNaN(came[c]))
                        (actual[count], forecast[count++]) = (came[c], made[c]);
                }
            }
        }

        return (actual[..count], forecast[..count]);
    }
}
