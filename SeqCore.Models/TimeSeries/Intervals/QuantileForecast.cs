namespace SeqCore.Models;

/// <summary>Quantiles of the next steps of a series: values that each step is below with a given probability.</summary>
/// <example>
/// <code>
/// // Uniform between 10 and 11: eight of ten values lie in a range of 0.8.
/// var noise = new RandomGenerator(seed: 1);
/// var series = new TimeSeries([.. Enumerable.Range(0, 2000).Select(_ => 10 + noise.NextSingle())]);
/// var options = new NetworkForecasterOptions
/// {
///     LookBack = 24,
///     Horizon = 4,
///     Quantiles = [0.1, 0.5, 0.9],
///     Training = new ForecastTrainingOptions { LearningRate = 0.01f },
/// };
/// using var forecaster = new NetworkForecaster(channels: 1, options, new RandomGenerator(seed: 1));
/// forecaster.Fit(series);
/// var quantiles = forecaster.ForecastQuantiles(horizon: 4);
/// Console.WriteLine($"{quantiles.At(0.9)[step: 0, channel: 0] - quantiles.At(0.1)[step: 0, channel: 0]:0.0}");     // 0.8
/// </code>
/// </example>
public sealed class QuantileForecast
{
    // 1 - 0.9 is not exactly 0.1.
    private const double Rounding = 1e-9;

    internal QuantileForecast(IReadOnlyList<double> probabilities, IReadOnlyList<TimeSeries> quantiles) =>
        (Probabilities, Quantiles) = (probabilities, quantiles);

    /// <summary>The probabilities, in (0, 1) and increasing.</summary>
    public IReadOnlyList<double> Probabilities { get; }

    /// <summary>The values for each probability.</summary>
    public IReadOnlyList<TimeSeries> Quantiles { get; }

    /// <summary>Returns a quantile, by linear interpolation between those that were forecast.</summary>
    /// <param name="probability">The probability, between the lowest and the highest that were forecast.</param>
    /// <exception cref="ArgumentOutOfRangeException">The probability is not between them.</exception>
    public TimeSeries At(double probability)
    {
        var (low, high) = (Probabilities[0], Probabilities[^1]);
        if (!(probability >= low - Rounding && probability <= high + Rounding))
        {
            throw new ArgumentOutOfRangeException(nameof(probability), probability,
                $"QuantileForecast: the quantiles that were forecast are from {low} to {high}.");
        }

        var first = Quantiles[0];
        float[][] values = [.. Quantiles.Select(q => q.Values.ToArray())];
        return new TimeSeries(Between(Probabilities, values, probability), first.Channels, first.Start, first.Interval);
    }

    /// <summary>Interpolates between the values of quantiles.</summary>
    internal static float[] Between(IReadOnlyList<double> probabilities, IReadOnlyList<float[]> values, double probability)
    {
        var above = 0;
        while (above < probabilities.Count - 1 && probabilities[above] < probability - Rounding)
            above++;
        if (above == 0 || probabilities[above] <= probability + Rounding)
            return values[above];
        var share = (probability - probabilities[above - 1]) / (probabilities[above] - probabilities[above - 1]);
        return [.. values[above - 1].Zip(values[above], (a, b) => (float)(a + (share * ((double)b - a))))];
    }

    /// <summary>Returns the largest coverage of an interval whose ends are quantiles that were forecast.</summary>
    internal static double LargestCoverage(IReadOnlyList<double> probabilities) =>
        1 - (2 * Math.Max(probabilities[0], 1 - probabilities[^1])) + Rounding;
}
