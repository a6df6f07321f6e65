using System.Text.Json;

namespace SeqCore.Models;

/// <summary>
/// Gives any forecaster intervals that hold: it compares forecasts with what came on steps that the forecaster was not trained
/// on, and makes intervals as wide as the errors were, for each channel and each step of the horizon (split conformal
/// prediction: Vovk, Gammerman and Shafer, "Algorithmic learning in a random world", 2005; Lei, G'Sell, Rinaldo, Tibshirani and
/// Wasserman, "Distribution-free predictive inference for regression", JASA 113, 2018). Around a forecast f, with n forecasts
/// compared before, the interval of coverage p is f - d to f + d, where d is the ceil((n + 1) p)-th smallest |y - f| of those. If
/// the forecaster forecasts quantiles, the interval between the two nearest to (1 - p) / 2 and (1 + p) / 2 is widened, or
/// narrowed, by the score max(lower - y, y - upper) of that rank (Romano, Patterson and Candes, "Conformalized quantile
/// regression", NeurIPS 2019).
/// </summary>
/// <remarks>
/// If errors were exchangeable, at least the coverage asked for would be reached, whatever the series; errors of a series depend
/// on each other and change with time, so measure by <see cref="RollingOrigin.EvaluateIntervals"/>. An interval whose ends would
/// cross is their middle. With covariates that are known in advance, intervals are calibrated once, on steps whose covariates
/// are in the series: set <see cref="ConformalOptions.Slides"/> to false. The forecaster belongs to this one from then on: fit
/// and update this one alone.
/// </remarks>
/// <example>
/// <code>
/// var noise = new RandomGenerator(seed: 1);
/// float At(int t) => MathF.Sin(t * MathF.Tau / 20) + noise.NextSingle();
/// var series = new TimeSeries([.. Enumerable.Range(0, 4000).Select(At)]);
/// using var forecaster = new ConformalForecaster(new NaiveForecaster(season: 20), new ConformalOptions { Horizon = 20 });
/// forecaster.Fit(series.Slice(0, 1000));
/// var next = forecaster.ForecastInterval(horizon: 20, coverage: 0.8);
/// Console.WriteLine($"{next.Lower[0, 0]:0.0} to {next.Upper[0, 0]:0.0}");                                 // -0.2 to 0.8
/// var rolled = RollingOrigin.EvaluateIntervals(forecaster, series.Slice(1000, 3000), horizon: 20, coverages: [0.8]);
/// Console.WriteLine($"{rolled.Coverage(0.8):0.00}");                                                      // 0.80
/// </code>
/// </example>
public sealed class ConformalForecaster : Forecaster
{
    /// <summary>The name of this kind of forecaster in files.</summary>
    public const string KindName = "conformal-forecaster";

    private const string InnerName = "inner";
    private readonly Parameter forecasts, values;
    private int channels, rows;
    private long seen;

    // The same forecasts and values in an order of their own, so that each interval has its quantile at hand.
    private CalibrationSet? set;

    /// <summary>Makes a forecaster with intervals.</summary>
    /// <param name="inner">
    /// The forecaster; to be fitted by <see cref="Forecaster.Fit"/>, or fitted already, for <see cref="Calibrate"/>.
    /// </param>
    /// <param name="options">How intervals are calibrated; null for the defaults.</param>
    /// <exception cref="ArgumentException">A number is out of range.</exception>
    public ConformalForecaster(Forecaster inner, ConformalOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(inner);
        Options = options ?? new ConformalOptions();
        Options.Check(Kind);
        if (inner.Covariates.Count > 0)
            RequireCovariates(inner);
        Inner = Register(InnerName, inner);
        forecasts = RegisterBuffer("forecasts", Tensor.Zeros([0, 0]));
        values = RegisterBuffer("values", Tensor.Zeros([0, 0]));
    }

    /// <summary>The forecaster.</summary>
    public Forecaster Inner { get; }

    /// <summary>How intervals are calibrated.</summary>
    public ConformalOptions Options { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Covariates => Inner.Covariates;

    /// <inheritdoc/>
    public override string FileKind => KindName;

    /// <inheritdoc/>
    protected internal override string OptionsJson
    {
        get
        {
            var inner = JsonDocument.Parse(Inner.OptionsJson).RootElement;
            return Models.OptionsJson.Write(new ConformalFile(Options, Inner.FileKind, inner, Frame, channels, rows, seen),
                Models.OptionsJson.Default.ConformalFile);
        }
    }

    /// <summary>Loads a forecaster that <see cref="Model.Save"/> wrote.</summary>
    /// <param name="path">The path of a file or folder, as for <see cref="ModelFile.Open"/>.</param>
    /// <param name="inner">
    /// Makes the forecaster inside from the part of the file that describes it; null for one of this library.
    /// </param>
    /// <exception cref="CheckpointException">The file cannot be read, or holds another kind.</exception>
    public static ConformalForecaster Load(string path, Func<ModelFile, Forecaster>? inner = null) =>
        ModelFile.Load(path, KindName, file => Read(file, inner ?? (part => ForecasterKinds.Read(part, null))));

    /// <summary>
    /// Calibrates the intervals of a forecaster that has been fitted, such as by a <see cref="Trainer"/>, on the steps that
    /// follow.
    /// </summary>
    /// <param name="calibration">
    /// The next steps, on which the forecaster was not trained, at least as many as the horizon.
    /// </param>
    /// <param name="cancellation">Ends the calibration.</param>
    /// <exception cref="InvalidOperationException">The forecaster has not been fitted.</exception>
    /// <exception cref="ArgumentException">The series does not follow what the forecaster has seen.</exception>
    /// <exception cref="DataSourceException">The series is shorter than the horizon.</exception>
    /// <exception cref="OperationCanceledException">
    /// The calibration was ended; the forecaster is as before, but one of a class outside this library has to be fitted again.
    /// </exception>
    public void Calibrate(TimeSeries calibration, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(calibration);
        Inner.RequireFrame().RequireNext(calibration);
        RequireLongEnough(calibration);
        Collect(calibration, Inner.Remember(), cancellation);
        Restore(Inner.Frame);
    }

    /// <inheritdoc/>
    protected override void FitTo(TimeSeries training, CancellationToken cancellation)
    {
        var parts = TimeSplit.Of(training, Options.Calibration);
        RequireLongEnough(parts.Validation);
        var undo = Inner.Remember();
        Inner.Fit(parts.Training, cancellation);
        Collect(parts.Validation!, undo, cancellation);
    }

    /// <inheritdoc/>
    protected override float[] Predict(int horizon) => Predict(horizon, null);

    /// <inheritdoc/>
    protected override float[] Predict(int horizon, TimeSeries? covariates) =>
        Inner.Forecast(horizon, covariates).Values.ToArray();

    /// <inheritdoc/>
    protected override void Observe(TimeSeries later)
    {
        ArgumentNullException.ThrowIfNull(later);
        if (!Options.Slides)
        {
            Inner.Update(later);
            return;
        }

        for (var t = 0; t < later.Length; t++)
        {
            using var scope = new TensorScope("update");
            var step = later.Slice(t, 1);
            values.Value.Slice(1, (int)(seen % values.Shape[1]), 1).CopyFrom(step.Values);
            set?.AddValues(step.Values);
            Inner.Update(step);
            seen++;
            if (seen % Options.Stride != 0)
                continue;
            var next = Next();
            NewestForecast.CopyFrom(next);
            set?.AddForecast(next);
        }
    }

    /// <inheritdoc/>
    private protected override IntervalValues PredictIntervals(int horizon, TimeSeries? covariates,
        IReadOnlyList<double> coverages)
    {
        Argument.AtMost(horizon, Kind, nameof(horizon), Options.Horizon);
        using var scope = new TensorScope("intervals");

        // Weights that were loaded from elsewhere have other forecasts.
        if (set?.Seen != seen || !set.HasNewest(NewestForecast.ToArray()))
            set = new CalibrationSet(Options, channels, rows, forecasts.Value.ToArray(), values.Value.ToArray(), seen);
        var next = Blocks(horizon, covariates);
        var point = next[Inner.Quantiles is { } q ? NearestToMedian(q) : 0];
        return new IntervalValues(point, [.. coverages.Select(c => Bounds(set, next, c))]);
    }

    /// <summary>Makes a forecaster from the options in a file.</summary>
    internal static ConformalForecaster Read(ModelFile file, Func<ModelFile, Forecaster> inner)
    {
        var saved = file.ReadOptions(Models.OptionsJson.Default.ConformalFile);
        var part = inner(file.Part(InnerName, saved.InnerKind, saved.Inner.GetRawText()));
        var forecaster = new ConformalForecaster(part, saved.Options);
        if (saved.Frame is null)
            return forecaster;
        if (saved.Channels != saved.Frame.Channels.Count - part.Covariates.Count || saved.Rows < 1 || saved.Seen < 1)
            throw new FormatException("the sizes of its calibration do not fit.");
        var width = CalibrationSet.Width(saved.Options, part.Quantiles?.Count ?? 1, saved.Channels);
        using var suspension = TensorScope.Suspend();
        forecaster.Keep(saved.Channels, saved.Seen,
            Tensor.Zeros(WeightLimit.For(forecaster.Kind, width, saved.Rows)),
            Tensor.Zeros(WeightLimit.For(forecaster.Kind, saved.Channels, (long)saved.Rows * saved.Options.Stride)));
        forecaster.Restore(saved.Frame);
        return forecaster;
    }

    /// <summary>Observes the series step by step, and takes over what came of it if all went well.</summary>
    private void Collect(TimeSeries calibration, Action? undo, CancellationToken cancellation)
    {
        var targets = WithoutCovariates(calibration);
        var count = targets.ChannelCount;
        var width = CalibrationSet.Width(Options, Inner.Quantiles?.Count ?? 1, count);
        var kept = CalibrationSet.RowsFor(Options, calibration.Length);
        var steps = checked(kept * Options.Stride);
        var (made, came) = (new float[checked(kept * width)], new float[checked(steps * count)]);
        try
        {
            CalibrationSet.Put(NextIn(calibration, 0), made, 0);
            for (var t = 0; t < calibration.Length; t++)
            {
                cancellation.ThrowIfCancellationRequested();
                CalibrationSet.Put(targets.Slice(t, 1).Values, came, t % steps);
                Inner.Update(calibration.Slice(t, 1));
                if ((t + 1) % Options.Stride == 0)
                    CalibrationSet.Put(NextIn(calibration, t + 1), made, (t + 1) / Options.Stride % kept);
            }
        }
        catch
        {
            if (undo is null)
                Restore(null);
            undo?.Invoke();
            throw;
        }

        using var suspension = TensorScope.Suspend();
        Keep(count, calibration.Length, Tensor.FromSpan(made, new Shape(width, kept), forecasts.Value.Backend),
            Tensor.FromSpan(came, new Shape(count, steps), values.Value.Backend));
    }

    private void Keep(int channelCount, long steps, Tensor made, Tensor came)
    {
        (channels, rows, seen, set) = (channelCount, made.Shape[1], steps, null);
        forecasts.Replace(made);
        values.Replace(came);
    }

    /// <summary>The place of the newest forecast.</summary>
    private Tensor NewestForecast => forecasts.Value.Slice(1, (int)(seen / Options.Stride % rows), 1);

    /// <summary>Returns the forecast that is to be compared: each quantile, step and channel.</summary>
    private float[] Next() => [.. Blocks(Options.Horizon, null).SelectMany(b => b)];

    /// <summary>
    /// Returns the forecast from a step of a series. With covariates, steps after the end of the series have no values: nothing
    /// that could be compared with them came.
    /// </summary>
    private float[] NextIn(TimeSeries series, int start)
    {
        if (Covariates.Count == 0)
            return Next();
        var next = new float[Options.Horizon * (series.ChannelCount - Covariates.Count)];
        Array.Fill(next, float.NaN);
        var steps = Math.Min(Options.Horizon, series.Length - start);
        if (steps > 0)
            Inner.ForecastIn(series, start, steps).Values.CopyTo(next);
        return next;
    }

    private IReadOnlyList<float[]> Blocks(int horizon, TimeSeries? covariates) => Inner.Quantiles is null
        ? [Inner.Forecast(horizon, covariates).Values.ToArray()]
        : [.. Inner.ForecastQuantiles(horizon).Quantiles.Select(q => q.Values.ToArray())];

    private (float[] Lower, float[] Upper) Bounds(CalibrationSet kept, IReadOnlyList<float[]> next, double coverage)
    {
        var (low, high) = Inner.Quantiles is { } q ? (Nearest(q, (1 - coverage) / 2), Nearest(q, (1 + coverage) / 2)) : (0, 0);
        float[] lower = [.. next[low]], upper = [.. next[high]];
        for (var i = 0; i < lower.Length; i++)
        {
            if (kept.Margin(i / channels, i % channels, (low, high), coverage) is not { } margin)
                throw TooFew(i / channels, i % channels, coverage);
            var (a, b) = ((float)(lower[i] - margin), (float)(upper[i] + margin));
            (lower[i], upper[i]) = a <= b ? (a, b) : ((a + b) / 2, (a + b) / 2);
        }

        return (lower, upper);
    }

    private void RequireCovariates(Forecaster inner)
    {
        var names = string.Join(", ", inner.Covariates.Select(c => $"'{c}'"));
        if (Options.Slides)
        {
            throw new ArgumentException($"{Kind}: {nameof(ConformalOptions.Slides)} forecasts after each step that comes, when"
                + $" the covariates {names} of later steps are not known. Set it to false; intervals are calibrated once then.",
                nameof(inner));
        }

        if (inner.Quantiles is not null)
        {
            throw new ArgumentException($"{Kind}: quantiles cannot be forecast with the covariates {names}. Use a forecaster"
                + " without quantiles, or without covariates.", nameof(inner));
        }
    }

    private void RequireLongEnough(TimeSeries? calibration)
    {
        if ((calibration?.Length ?? 0) < Options.Horizon)
        {
            throw new DataSourceException($"Intervals of {Counted.Of(Options.Horizon, "step")} cannot be calibrated on"
                + $" {Counted.Of(calibration?.Length ?? 0, "step")}. Use more data, a larger part for calibration or a shorter"
                + " horizon.");
        }
    }

    private string TargetName(int channel) => Frame!.Channels.Where(c => !Covariates.Contains(c)).ElementAt(channel);

    private DataSourceException TooFew(int step, int channel, double coverage) => new(
        $"An interval of coverage {coverage} needs at least {CalibrationSet.Needed(coverage)} forecasts that were compared, and a"
            + $" window of as many; there are fewer for channel '{TargetName(channel)}' at step {step + 1} of the horizon"
            + $" (the window is {Options.Window}). Calibrate on more steps, or ask for a lower coverage.");
}

/// <summary>What a file holds of a conformal forecaster beside its forecasts and values, and the inner one's weights.</summary>
internal sealed record ConformalFile(ConformalOptions Options, string InnerKind, JsonElement Inner, ForecastFrame? Frame,
    int Channels, int Rows, long Seen);
