using SeqCore.Models;

namespace SeqCore.Samples.Forecast;

/// <summary>The errors of forecasts from many origins. Steps whose value is missing do not count.</summary>
internal sealed class ForecastScores
{
    private readonly double absolute, squared, symmetric;

    private ForecastScores(RollingIntervals rolled, TimeSeries actual, TimeSeries before, TimeSeries training, int season)
    {
        (Rolled, Actual) = (rolled, actual);
        var channels = actual.ChannelCount;
        var scaler = ChannelScaler.Fit(training);
        var (byStep, counts, mase) = (new double[rolled.Horizon], new long[rolled.Horizon], 0.0);
        long count = 0;
        for (var c = 0; c < channels; c++)
        {
            var scale = channels > 1 ? scaler.Scales[c] : 1;
            var (sum, number) = (0.0, 0L);
            foreach (var (origin, forecast) in rolled.Origins.Zip(rolled.Forecasts))
            {
                for (var h = 0; h < rolled.Horizon; h++)
                {
                    var (value, predicted) = ((double)actual[origin + h, c], (double)forecast[0].Point[h, c]);
                    if (double.IsNaN(value))
                        continue;
                    var error = Math.Abs(value - predicted) / scale;
                    (sum, number) = (sum + error, number + 1);
                    squared += error * error;
                    symmetric += value == predicted ? 0
                        : 200 * Math.Abs(value - predicted) / (Math.Abs(value) + Math.Abs(predicted));
                    byStep[h] += error;
                    counts[h]++;
                }
            }

            mase += number == 0 ? double.NaN
                : sum * scale / number / ForecastMetrics.SeasonalScale(before.ChannelValues(c), season) / channels;
            (absolute, count) = (absolute + sum, count + number);
            Width += rolled.MeanWidth(rolled.Coverages[0], c) / scale / channels;
        }

        (absolute, squared, symmetric) = (absolute / count, squared / count, symmetric / count);
        MeanAbsoluteScaledError = mase;
        ByStep = [.. byStep.Zip(counts, (s, n) => s / n)];
    }

    /// <summary>Forecasts from each origin in the steps for test, and compares with what came.</summary>
    /// <param name="forecaster">A forecaster that has seen everything before them; it has seen them too afterwards.</param>
    /// <param name="data">The series.</param>
    /// <param name="options">The horizon.</param>
    /// <param name="coverage">The coverage of intervals.</param>
    /// <param name="cancellation">Stops early.</param>
    /// <exception cref="DataSourceException">The test is shorter than the horizon.</exception>
    public static ForecastScores OfTest(Forecaster forecaster, SeriesData data, ForecastOptions options, double coverage,
        CancellationToken cancellation) => new(
            RollingOrigin.EvaluateIntervals(forecaster, data.Test!, options.Horizon, [coverage], cancellation: cancellation),
            data.Test!, data.BeforeTest, data.Training, data.Season);

    /// <summary>The forecasts.</summary>
    public RollingIntervals Rolled { get; }

    /// <summary>The steps that they were made for.</summary>
    public TimeSeries Actual { get; }

    /// <summary>
    /// The mean absolute error over that of a seasonal naive forecast of the steps before the test; the mean of the channels.
    /// </summary>
    public double MeanAbsoluteScaledError { get; }

    /// <summary>The mean absolute error: in the units of one channel, or of several in their standard deviations.</summary>
    public double MeanAbsoluteError => absolute;

    /// <summary>The mean squared error, in the same units.</summary>
    public double MeanSquaredError => squared;

    /// <summary>The symmetric mean absolute percentage error.</summary>
    public double SymmetricPercentageError => symmetric;

    /// <summary>The part of the values that were in their intervals.</summary>
    public double Coverage => Rolled.Coverage(Rolled.Coverages[0]);

    /// <summary>The mean width of the intervals, in the same units.</summary>
    public double Width { get; }

    /// <summary>The mean absolute error of each step of a forecast.</summary>
    public IReadOnlyList<double> ByStep { get; }
}
