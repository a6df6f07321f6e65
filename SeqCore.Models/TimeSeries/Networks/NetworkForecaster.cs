namespace SeqCore.Models;

/// <summary>
/// Forecasts with a network that maps the last L steps to the next H. Channels are scaled by the series for training; a value
/// that is missing among the last steps is replaced by the one before. <see cref="Forecaster.Fit"/> trains it; to watch, resume
/// or change the training, give a <see cref="ForecastTask"/> to a <see cref="Trainer"/>.
/// </summary>
/// <remarks>
/// With <see cref="NetworkForecasterOptions.Quantiles"/>, the network is a <see cref="QuantileNetwork"/>; where its quantiles
/// cross, they are sorted. A longer forecast reads the quantiles nearest to the median, as if they had come, so that intervals
/// after step H are too narrow.
/// </remarks>
/// <example>
/// <code>
/// var wave = new TimeSeries([.. Enumerable.Range(0, 400).Select(t => MathF.Sin(t * MathF.Tau / 20f))]);
/// var training = new ForecastTrainingOptions { Epochs = 50, LearningRate = 0.02f };
/// var options = new NetworkForecasterOptions { LookBack = 40, Horizon = 20, Training = training };
/// using var forecaster = new NetworkForecaster(channels: 1, options, new RandomGenerator(seed: 1));
/// forecaster.Fit(wave);
/// Console.WriteLine($"{forecaster.Forecast(20)[step: 5, channel: 0]:0.0}");     // 1.0
/// </code>
/// </example>
public sealed class NetworkForecaster : Forecaster
{
    /// <summary>The name of this kind of forecaster in files.</summary>
    public const string KindName = "network-forecaster";

    private const int EvaluationsPerFit = 20;
    private const double FinalRate = 0.01;
    private readonly Parameter history;
    private readonly Parameter? covariates;
    private readonly RandomGenerator random;
    private ChannelScaler scaler;

    /// <summary>Makes a forecaster, which is to be fitted.</summary>
    /// <param name="channels">
    /// The number of channels that are forecast, C, at least 1; those of <see cref="NetworkForecasterOptions.Covariates"/> do not
    /// count.
    /// </param>
    /// <param name="options">The network, its window, and how it is trained.</param>
    /// <param name="random">
    /// The generator that draws the initial values and the masks of dropout; its state is part of a checkpoint.
    /// </param>
    /// <exception cref="ArgumentException">A size or number is out of range.</exception>
    public NetworkForecaster(int channels, NetworkForecasterOptions options, RandomGenerator random)
    {
        Argument.AtLeast(channels, Kind, nameof(channels));
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(random);
        options.Check(Kind);
        (Options, this.random, Known) = (options, Register(random), new KnownCovariates(options));
        Outputs = new QuantileOutputs(options);
        Network = Register("network", ForecastNetwork.New(options, channels, random));
        history = RegisterBuffer("history", Tensor.Zeros(WeightLimit.For(Kind, options.LookBack, channels)));
        if (options.Covariates.Count > 0)
        {
            covariates = RegisterBuffer("covariates",
                Tensor.Zeros(WeightLimit.For(Kind, options.LookBack, options.Covariates.Count)));
        }

        scaler = new ChannelScaler(new double[channels], [.. Enumerable.Repeat(1.0, channels)]);
    }

    /// <summary>The network, its window, and how it is trained.</summary>
    public NetworkForecasterOptions Options { get; }

    /// <summary>The network, which forecasts H steps, or H for each quantile.</summary>
    public ForecastNetwork Network { get; }

    /// <summary>The scaling of the channels.</summary>
    public ChannelScaler Scaler => scaler;

    /// <summary>The names of the channels that are known in advance, of <see cref="NetworkForecasterOptions"/>.</summary>
    public override IReadOnlyList<string> Covariates => Options.Covariates;

    /// <summary>The probabilities of the quantiles that the network was trained for; null if it was for the mean.</summary>
    public override IReadOnlyList<double>? Quantiles => Options.Quantiles;

    /// <inheritdoc/>
    public override string FileKind => KindName;

    internal KnownCovariates Known { get; }

    /// <summary>What the outputs of the network are.</summary>
    internal QuantileOutputs Outputs { get; }

    /// <inheritdoc/>
    protected internal override string OptionsJson => Models.OptionsJson.Write(
        new NetworkForecasterFile(Network.ChannelCount, Options, Frame, scaler.Shifts, scaler.Scales,
            Known.Scaler?.Shifts ?? [], Known.Scaler?.Scales ?? []),
        Models.OptionsJson.Default.NetworkForecasterFile);

    /// <summary>Loads a forecaster that <see cref="Model.Save"/> wrote, or from a checkpoint.</summary>
    /// <param name="path">The path of a file or folder, as for <see cref="ModelFile.Open"/>.</param>
    /// <param name="random">
    /// The generator that draws dropout masks if it is trained further; null for one with seed 0.
    /// </param>
    /// <exception cref="CheckpointException">The file cannot be read, or holds another kind.</exception>
    public static NetworkForecaster Load(string path, RandomGenerator? random = null) =>
        ModelFile.Load(path, KindName, file => Read(file, random));

    /// <summary>Makes a forecaster from the options in a file.</summary>
    internal static NetworkForecaster Read(ModelFile file, RandomGenerator? random)
    {
        var saved = file.ReadOptions(Models.OptionsJson.Default.NetworkForecasterFile);
        var forecaster = new NetworkForecaster(saved.Channels, saved.Options, random ?? new RandomGenerator(0))
        {
            scaler = new ChannelScaler(saved.Shifts, saved.Scales),
        };
        if (saved.CovariateShifts.Count > 0)
            forecaster.Known.Scaler = new ChannelScaler(saved.CovariateShifts, saved.CovariateScales);
        forecaster.Restore(saved.Frame);
        return forecaster;
    }

    /// <summary>
    /// Takes the scaling, the channels and the last steps from a series for training, without training.
    /// </summary>
    internal void Begin(TimeSeries training)
    {
        RequireChannels(training);
        scaler = ChannelScaler.Fit(WithoutCovariates(training), Options.Scaling);
        if (covariates is not null)
            Known.Scaler = ChannelScaler.Fit(training.Select(Covariates), Options.Scaling);
        history.Value.CopyFrom(new float[history.Shape.ElementCount]);
        covariates?.Value.CopyFrom(new float[covariates.Shape.ElementCount]);
        Observe(training);
        Restore(ForecastFrame.After(training));
    }

    /// <inheritdoc/>
    protected override void FitTo(TimeSeries training, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(training);
        RequireChannels(training);
        var options = Options.Training;
        var split = TimeSplit.Of(training, options.Validation, lookBack: Options.LookBack);
        var undo = Remember();
        try
        {
            using var task = new ForecastTask(this, split.Training, split.Validation!, options.BatchSize, options.Seed);
            using var optimizer = new Adam(Network.Parameters(), options.LearningRate);
            var steps = Math.Max((long)options.Epochs * task.BatchesPerPass, options.MinimumSteps);
            var settings = new TrainerOptions
            {
                Steps = steps,
                EvaluateEvery = (int)Math.Max(task.BatchesPerPass, steps / EvaluationsPerFit),
                Patience = options.Patience,
                RestoreBest = true,
            };
            new Trainer(task, optimizer, settings, new CosineSchedule(steps, FinalRate)).Run(cancellation);
            cancellation.ThrowIfCancellationRequested();
            Update(split.Validation!.Slice(Options.LookBack, split.Validation.Length - Options.LookBack));
        }
        catch
        {
            undo();
            throw;
        }
    }

    /// <inheritdoc/>
    internal override Action Remember()
    {
        var before = new BestWeights(this);
        before.Keep();
        var (frame, oldScaler, oldCovariates) = (Frame, scaler, Known.Scaler);
        return () =>
        {
            before.Restore();
            (scaler, Known.Scaler) = (oldScaler, oldCovariates);
            Restore(frame);
        };
    }

    /// <inheritdoc/>
    protected override float[] Predict(int horizon) => Predict(horizon, null);

    /// <inheritdoc/>
    protected override float[] Predict(int horizon, TimeSeries? covariates) => Compute(horizon, covariates)[Outputs.Point];

    /// <inheritdoc/>
    protected override IReadOnlyList<float[]> PredictQuantiles(int horizon) => Compute(horizon, null);

    /// <summary>Forecasts each quantile, or the mean alone: H C values.</summary>
    private float[][] Compute(int horizon, TimeSeries? ahead)
    {
        using var inference = InferenceScope.Open();
        var known = Ahead(horizon, ahead);
        var last = history.Value.ToArray();
        var (channels, steps) = (Network.ChannelCount, 0);
        float[][] forecast = [.. Enumerable.Range(0, Outputs.Count).Select(_ => new float[horizon * channels])];
        while (steps < horizon)
        {
            using var scope = new TensorScope("forecast");
            var past = Tensor.FromSpan(last, new Shape(1, Options.LookBack, channels), Backend);
            var next = Outputs.Sorted(Network.Forward(past, KnownAt(known, steps)));
            var taken = Math.Min(Options.Horizon, horizon - steps);
            for (var q = 0; q < forecast.Length; q++)
                next[q].AsSpan(0, taken * channels).CopyTo(forecast[q].AsSpan(steps * channels));
            last = [.. last.Concat(next[Outputs.Point]).Skip(next[0].Length)];
            steps += taken;
        }

        foreach (var values in forecast)
            scaler.Invert(values);
        return forecast;
    }

    /// <inheritdoc/>
    protected override void Observe(TimeSeries later)
    {
        ArgumentNullException.ThrowIfNull(later);
        var taken = Math.Min(later.Length, Options.LookBack);
        var seen = later.Slice(later.Length - taken, taken);
        float[] values = [.. WithoutCovariates(seen).Values];
        scaler.Apply(values);
        Append(history, values);
        if (covariates is not null)
            Append(covariates, Known.Scaled(seen));
    }

    /// <summary>Appends scaled values to the last steps in a buffer; a missing value is the one before.</summary>
    private static void Append(Parameter buffer, float[] added)
    {
        var channels = buffer.Shape[1];
        float[] last = [.. buffer.Value.ToArray()[added.Length..], .. added];
        for (var i = 0; i < last.Length; i++)
        {
            if (float.IsNaN(last[i]))
                last[i] = i >= channels ? last[i - channels] : 0f;
        }

        buffer.Value.CopyFrom(last);
    }

    /// <summary>Requires that a series has the channels, the covariates and the times that the options need.</summary>
    internal void RequireChannels(TimeSeries training)
    {
        Known.Require(training, Kind);
        if (training.ChannelCount - Covariates.Count != Network.ChannelCount)
        {
            var beside = Covariates.Count == 0 ? "" : $" beside {Counted.Of(Covariates.Count, "covariate")}";
            throw new ArgumentException($"{Kind}: it forecasts {Counted.Of(Network.ChannelCount, "channel")}{beside}; the series"
                + $" has {training.ChannelCount}.", nameof(training));
        }
    }

    /// <summary>
    /// Returns the covariates of the look-back and of the steps ahead, as many as whole forecasts of the network have; null if
    /// there are none. What is after the horizon repeats the last step, and does not matter.
    /// </summary>
    private TimeSeries? Ahead(int horizon, TimeSeries? ahead)
    {
        if (Known.Count == 0)
            return null;
        var named = covariates?.Value.ToArray().ToList() ?? [];
        if (ahead is not null)
            named.AddRange(Known.Scaled(ahead));
        var length = Options.LookBack + ((horizon + Options.Horizon - 1) / Options.Horizon * Options.Horizon);
        while (named.Count < length * Covariates.Count)
            named.Add(named[^Covariates.Count]);
        var start = Frame!.Next is { } next ? Frame.Interval!.Value.Add(next, -Options.LookBack) : (DateTime?)null;
        return Known.WithCalendar([.. named], length, start, Frame.Interval);
    }

    /// <summary>Returns the covariates of the window that ends before a step of the horizon, shape (1, L + H, K).</summary>
    private Variable? KnownAt(TimeSeries? known, int step)
    {
        if (known is null)
            return null;
        var length = Options.LookBack + Options.Horizon;
        return Tensor.FromSpan(known.Memory(step, length).Span, new Shape(1, length, Known.Count), Backend);
    }
}

/// <summary>What a file holds of a forecaster beside its weights and its last steps.</summary>
internal sealed record NetworkForecasterFile(int Channels, NetworkForecasterOptions Options, ForecastFrame? Frame,
    IReadOnlyList<double> Shifts, IReadOnlyList<double> Scales, IReadOnlyList<double> CovariateShifts,
    IReadOnlyList<double> CovariateScales);
