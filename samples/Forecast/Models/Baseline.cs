using System.Diagnostics;
using SeqCore.Models;

namespace SeqCore.Samples.Forecast;

/// <summary>The baselines beside a forecaster.</summary>
internal static class Baseline
{
    /// <summary>The scores of the last value and of the value one season before, without the forecaster itself.</summary>
    public static IEnumerable<ForecastRow> Rows(ForecastModel beside, ForecastOptions options, SeriesData data, double coverage,
        CancellationToken cancellation) => ForecastModel.Baselines
            .Where(m => m.Name is "naive" or "seasonal-naive" && m != beside && (!m.NeedsSeason || data.Season > 1))
            .Select(m => Row(m, options, data, coverage, null, cancellation));

    /// <summary>Fits a forecaster, calibrates and scores it.</summary>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    /// <exception cref="DataSourceException">The series is too short for it.</exception>
    public static ForecastRow Row(ForecastModel model, ForecastOptions options, SeriesData data, double coverage,
        IReadOnlyDictionary<string, string>? configuration, CancellationToken cancellation)
    {
        var (fitted, seconds) = Fit(model, options, data, cancellation);
        using var forecaster = Intervals.Calibrate(fitted, options, coverage, data, cancellation);
        var scores = ForecastScores.OfTest(forecaster, data, options, coverage, cancellation);
        return ForecastRow.Of(model, options.Seed, options.Horizon, scores, seconds, fitted.ParameterCount,
            forecaster.ForecastInterval(options.Horizon, coverage), configuration);
    }

    private static (Forecaster Fitted, double Seconds) Fit(ForecastModel model, ForecastOptions options, SeriesData data,
        CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        var forecaster = Fitting.New(model, options, data, new RandomGenerator(options.Seed));
        Fitting.Fit(forecaster, options, data, cancellation);
        return (forecaster, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }
}
