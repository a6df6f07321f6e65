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

    /// <summary>Requires enough forecasts to compare for intervals of a coverage.</summary>
    /// <exception cref="UserException">There are too few steps for validation.</exception>
    public static void Require(double coverage, ForecastOptions options, SeriesData data)
    {
        // The last step of a forecast is compared least often.
        var (needed, compared) = (Needed(coverage), data.Validation.Length - options.Horizon + 1);
        if (compared >= needed)
            return;
        throw new UserException($"--coverage {coverage}: intervals that hold so many values need at least {needed} forecasts that"
            + $" were compared, and the steps for validation have {compared} of {Show.Number(options.Horizon, "step")}. Give a"
            + " lower --coverage or a larger --validation.", isUsage: true);
    }

    /// <summary>The number of errors of which one is the largest that an interval has to reach.</summary>
    private static int Needed(double coverage) => (int)Math.Ceiling((coverage / (1 - coverage)) - 1e-6);

    /// <summary>
    /// Gives intervals to a forecaster that has seen the steps for training; it has seen those for validation too afterwards.
    /// </summary>
    /// <param name="fitted">The forecaster, which is part of the result.</param>
    /// <param name="options">The horizon.</param>
    /// <param name="coverage">The coverage, for which enough errors are kept.</param>
    /// <param name="data">The series.</param>
    /// <param name="cancellation">Stops early.</param>
    public static ConformalForecaster Calibrate(Forecaster fitted, ForecastOptions options, double coverage, SeriesData data,
        CancellationToken cancellation)
    {
        var usual = new ConformalOptions { Horizon = options.Horizon };
        var forecaster = new ConformalForecaster(fitted, usual with { Window = Math.Max(usual.Window, Needed(coverage)) });
        forecaster.Calibrate(data.Validation, cancellation);
        return forecaster;
    }
}
