using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.Forecast;

/// <summary>Intervals around forecasts, calibrated on the steps for validation.</summary>
internal static class Intervals
{
    /// <summary>The coverage where no other is asked for.</summary>
    public const double UsualCoverage = 0.8;

    /// <summary>The option of the coverage.</summary>
    public static Option<float> Option() => OptionKinds.Real("--coverage",
        "Probability with which a value should be in its interval.", (float)UsualCoverage, "above 0, below 1",
        c => c is > 0 and < 1);

    /// <summary>The coverage on a command line.</summary>
    public static double Coverage(this ParseResult result, Option<float> option) => (double)(decimal)result.GetValue(option);

    /// <summary>
    /// Gives intervals to a forecaster that has seen the steps for training; it has seen those for validation too afterwards.
    /// </summary>
    /// <param name="fitted">The forecaster, which is part of the result.</param>
    /// <param name="options">The horizon.</param>
    /// <param name="data">The series.</param>
    /// <param name="cancellation">Stops early.</param>
    public static ConformalForecaster Calibrate(Forecaster fitted, ForecastOptions options, SeriesData data,
        CancellationToken cancellation)
    {
        var forecaster = new ConformalForecaster(fitted, new ConformalOptions { Horizon = options.Horizon });
        forecaster.Calibrate(data.Validation, cancellation);
        return forecaster;
    }
}
