namespace SeqCore.Models;

/// <summary>
/// Forecasts the next steps of a series: it is fitted once, and then forecasts, sees the steps that came meanwhile, and forecasts
/// again. It is saved with everything that the next forecast needs.
/// </summary>
/// <example>
/// <code>
/// var sales = new TimeSeries([3f, 5f, 4f, 4f, 6f, 5f, 5f, 7f, 6f]);
/// using var forecaster = new NaiveForecaster(season: 3);
/// forecaster.Fit(sales);
/// Console.WriteLine(string.Join(" ", forecaster.Forecast(4).ChannelValues(0)));       // 5 7 6 5
/// forecaster.Update(new TimeSeries([6f]));
/// Console.WriteLine(string.Join(" ", forecaster.Forecast(4).ChannelValues(0)));       // 7 6 6 7
/// </code>
/// </example>
public abstract partial class Forecaster : Model
{
    /// <summary>Whether it has been fitted, or loaded from a file.</summary>
    public bool IsFitted => Frame is not null;

    /// <summary>
    /// The names of the channels that are known in advance: it reads them, and does not forecast them. None by default.
    /// </summary>
    public virtual IReadOnlyList<string> Covariates => [];

    /// <summary>The names, the times and the interval of the series; null before it is fitted.</summary>
    protected internal ForecastFrame? Frame { get; private set; }

    /// <summary>Loads a forecaster of any kind of this library that <see cref="Model.Save"/> wrote.</summary>
    /// <param name="path">The path of a file or folder, as for <see cref="ModelFile.Open"/>.</param>
    /// <param name="random">
    /// The generator that draws dropout masks if a network is trained further; null for one with seed 0.
    /// </param>
    /// <exception cref="CheckpointException">The file cannot be read, or holds another kind.</exception>
    public static Forecaster LoadAny(string path, RandomGenerator? random = null)
    {
        using var file = ModelFile.Open(path);
        return file.Make(file.Kind, f => ForecasterKinds.Read(f, random));
    }

    /// <summary>Fits it to a series. What it was fitted to before is forgotten.</summary>
    /// <param name="training">The series; the first step of a forecast is the one after its last.</param>
    /// <param name="cancellation">Ends the fit.</param>
    /// <exception cref="DataSourceException">The series is too short, or has values that this forecaster cannot use.</exception>
    /// <exception cref="OperationCanceledException">The fit was ended; the forecaster is as before.</exception>
    public void Fit(TimeSeries training, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(training);
        FitTo(training, cancellation);
        Frame = ForecastFrame.After(training);
    }

    /// <summary>Forecasts the steps after the last one that it has seen.</summary>
    /// <param name="horizon">The number of steps, H, at least 1.</param>
    /// <param name="covariates">
    /// A series with the channels of <see cref="Covariates"/>, whose first step is the next one, with at least H steps; other
    /// channels are not read. Null, the default, for a forecaster without covariates.
    /// </param>
    /// <returns>The channels that are forecast.</returns>
    /// <exception cref="InvalidOperationException">It has not been fitted.</exception>
    /// <exception cref="ArgumentException">
    /// There are no covariates and it needs some, or they lack channels, steps or values, or have other times.
    /// </exception>
    public TimeSeries Forecast(int horizon, TimeSeries? covariates = null)
    {
        var frame = RequireFrame();
        Argument.AtLeast(horizon, Kind, nameof(horizon));
        return frame.Behind(Predict(horizon, RequireCovariates(frame, horizon, covariates)), Covariates);
    }

    /// <summary>Sees the steps that follow those that it has seen, without being fitted again.</summary>
    /// <param name="later">A series of the same channels and interval, whose first step is the next one.</param>
    /// <exception cref="ArgumentException">Channels or times do not fit; nothing has been seen then.</exception>
    /// <exception cref="InvalidOperationException">It has not been fitted.</exception>
    public void Update(TimeSeries later)
    {
        ArgumentNullException.ThrowIfNull(later);
        var frame = RequireFrame();
        frame.RequireNext(later);
        var after = frame.Behind(later.Length);
        Observe(later);
        Frame = after;
    }

    /// <summary>Sets the frame of a forecaster that is made from a file, which wrote <see cref="Frame"/>.</summary>
    /// <param name="frame">The frame; null for one that had not been fitted.</param>
    protected void Restore(ForecastFrame? frame) => Frame = frame;

    /// <summary>
    /// Returns what brings the forecaster back to how it is now; null if that is unknown, as of a class outside this library.
    /// </summary>
    internal virtual Action? Remember() => null;

    /// <summary>Fits the forecaster. If it throws, the forecaster should be as before.</summary>
    /// <param name="training">The series.</param>
    /// <param name="cancellation">Ends the fit.</param>
    protected abstract void FitTo(TimeSeries training, CancellationToken cancellation);

    /// <summary>Computes the values of the next steps: all channels at the first one, then at the second, H C in all.</summary>
    /// <param name="horizon">The number of steps, H.</param>
    protected abstract float[] Predict(int horizon);

    /// <summary>
    /// Computes the values of the next steps, as <see cref="Predict(int)"/>, of the channels that are not known in advance. A
    /// forecaster with <see cref="Covariates"/> overrides it.
    /// </summary>
    /// <param name="horizon">The number of steps, H.</param>
    /// <param name="covariates">The covariates of these steps, which have been checked; null if there are none.</param>
    protected virtual float[] Predict(int horizon, TimeSeries? covariates) => Predict(horizon);

    /// <summary>Sees the next steps, which have been checked.</summary>
    /// <param name="later">The steps.</param>
    protected abstract void Observe(TimeSeries later);

    /// <summary>Forecasts steps of a series, whose covariates are there; the first of them is the next one.</summary>
    internal TimeSeries ForecastIn(TimeSeries series, int start, int horizon) =>
        Forecast(horizon, CovariatesIn(series, start, horizon));

    /// <summary>Returns steps of a series, whose covariates are there; null if it reads none.</summary>
    internal TimeSeries? CovariatesIn(TimeSeries series, int start, int horizon) =>
        Covariates.Count == 0 ? null : series.Slice(start, horizon);

    /// <summary>Returns the channels of a series that are forecast.</summary>
    internal TimeSeries WithoutCovariates(TimeSeries series) => Covariates.Count == 0
        ? series
        : series.Select([.. series.Channels.Where(c => !Covariates.Contains(c))]);

    /// <summary>Returns the covariates of the next steps, none of which is missing; null if it reads none.</summary>
    private TimeSeries? RequireCovariates(ForecastFrame frame, int horizon, TimeSeries? covariates)
    {
        if ((covariates is null) != (Covariates.Count == 0))
        {
            throw new ArgumentException(covariates is null
                ? $"{Kind}: it reads {string.Join(", ", Covariates.Select(c => $"'{c}'"))}, which should be known for the steps"
                    + $" that it forecasts. Give them as {nameof(covariates)}."
                : $"{Kind}: it reads no covariates; call {nameof(Forecast)}({nameof(horizon)}).", nameof(covariates));
        }

        if (covariates is null)
            return null;
        var known = covariates.Select(Covariates);
        frame.RequireNext(known, Covariates);
        if (known.Length < horizon)
        {
            throw new ArgumentException($"{Kind}: the covariates have {Counted.Of(known.Length, "step")}; a forecast of {horizon}"
                + " needs as many.", nameof(covariates));
        }

        known = known.Slice(0, horizon);
        if (known.Gaps is [var gap, ..])
        {
            throw new ArgumentException($"{Kind}: the covariate '{Covariates[gap.Channel]}' has no value at {gap.Steps} of the"
                + " forecast; it should be known in advance. Fill it.", nameof(covariates));
        }

        return known;
    }

    internal ForecastFrame RequireFrame() => Frame
        ?? throw new InvalidOperationException($"{Kind}: it has not been fitted. Call Fit first, or load a fitted one.");
}
