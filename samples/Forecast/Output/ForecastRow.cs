using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.Forecast;

/// <summary>The scores of one forecaster on the steps for test; a line of the results.</summary>
/// <param name="Row">The name of the forecaster.</param>
/// <param name="Seed">The seed of the run.</param>
/// <param name="Horizon">The number of steps of a forecast.</param>
/// <param name="Options">Everything else that the figures depend on, as texts.</param>
/// <param name="Mase">The mean absolute scaled error.</param>
/// <param name="Mae">The mean absolute error.</param>
/// <param name="Mse">The mean squared error.</param>
/// <param name="Smape">The symmetric mean absolute percentage error.</param>
/// <param name="Coverage">The part of the values that were in their intervals.</param>
/// <param name="Width">The mean width of the intervals.</param>
/// <param name="Seconds">The time of fitting.</param>
/// <param name="Parameters">The number of trained values.</param>
/// <param name="MaeByStep">The mean absolute error of each step of a forecast.</param>
/// <param name="Next">The forecast of the steps after the series, of its first channel.</param>
/// <param name="NextLower">The lower ends of its intervals.</param>
/// <param name="NextUpper">The upper ends of its intervals.</param>
internal sealed record ForecastRow(string Row, ulong Seed, int Horizon, IReadOnlyDictionary<string, string> Options, double Mase,
    double Mae, double Mse, double Smape, double Coverage, double Width, double Seconds, long Parameters,
    IReadOnlyList<double> MaeByStep, IReadOnlyList<double> Next, IReadOnlyList<double> NextLower,
    IReadOnlyList<double> NextUpper) : IResultRow
{
    /// <summary>Makes the row of scores.</summary>
    public static ForecastRow Of(ForecastModel model, ulong seed, int horizon, ForecastScores scores, double seconds,
        long parameters, IntervalForecast next, IReadOnlyDictionary<string, string>? options) => new(model.Name, seed, horizon,
            options ?? new Dictionary<string, string>(), scores.MeanAbsoluteScaledError, scores.MeanAbsoluteError,
            scores.MeanSquaredError, scores.SymmetricPercentageError, scores.Coverage, scores.Width, seconds, parameters,
            scores.ByStep, First(next.Point), First(next.Lower), First(next.Upper));

    /// <summary>The figures without the options.</summary>
    public IEnumerable<(string Name, object? Value)> Figures =>
    [
        ("horizon", Horizon), ("mase", Mase), ("mae", Mae), ("mse", Mse), ("smape", Smape), ("coverage", Coverage),
        ("width", Width), ("seconds", Seconds), ("parameters", Parameters),
    ];

    /// <inheritdoc/>
    public IEnumerable<(string Name, object? Value)> Values =>
    [
        ("event", "row"), ("row", Row), ("seed", Seed), ("options", ResultsFile.Sorted(Options)), .. Figures,
        ("mae_by_step", MaeByStep), ("next", Next), ("next_lower", NextLower), ("next_upper", NextUpper),
    ];

    private static double[] First(TimeSeries series) => [.. series.ChannelValues(0).Select(v => (double)v)];
}
