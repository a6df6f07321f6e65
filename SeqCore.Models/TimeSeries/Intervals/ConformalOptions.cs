namespace SeqCore.Models;

/// <summary>How a <see cref="ConformalForecaster"/> calibrates intervals.</summary>
public sealed record ConformalOptions
{
    /// <summary>The largest number of steps of a forecast with intervals, H, at least 1; 24 by default.</summary>
    public int Horizon { get; init; } = 24;

    /// <summary>
    /// The part of the series for training, its last steps, on which <see cref="Forecaster.Fit"/> calibrates and the forecaster
    /// is not trained, in (0, 1); 0.2 by default.
    /// </summary>
    public double Calibration { get; init; } = 0.2;

    /// <summary>
    /// The number of forecasts, the newest, whose errors at a step of the horizon calibrate it, at least 1; 500 by default. An
    /// interval of coverage p needs at least p / (1 - p): 4 for 80 %, 19 for 95 %, 99 for 99 %.
    /// </summary>
    public int Window { get; init; } = 500;

    /// <summary>The number of steps from one of these forecasts to the next, at least 1; 1 by default.</summary>
    public int Stride { get; init; } = 1;

    /// <summary>
    /// Whether <see cref="Forecaster.Update"/> goes on comparing forecasts with what comes, so that intervals follow changes of
    /// the series; true by default. It costs a forecast of H steps for each stride. False is needed for a forecaster with
    /// <see cref="Forecaster.Covariates"/>, which are not known then.
    /// </summary>
    public bool Slides { get; init; } = true;

    internal void Check(string owner)
    {
        Argument.AtLeast(Horizon, owner, nameof(Horizon));
        Argument.OpenProbability(Calibration, owner, nameof(Calibration));
        Argument.AtLeast(Window, owner, nameof(Window));
        Argument.AtLeast(Stride, owner, nameof(Stride));
    }
}
