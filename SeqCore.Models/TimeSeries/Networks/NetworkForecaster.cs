namespace SeqCore.Models;

/// <summary>
/// Forecasts with a network that maps the last L steps to the next H. Channels are scaled by the series for training; a value
/// that is missing among the last steps is replaced by the one before. <see cref="Forecaster.Fit"/> trains it; to watch, resume
/// or change the training, give a <see cref="ForecastTask"/> to a <see cref="Trainer"/>.
/// </summary>
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

    private readonly Parameter history;
    private readonly RandomGenerator random;
    private ChannelScaler scaler;

    /// <summary>Makes a forecaster, which is to be fitted.</summary>
    /// <param name="channels">The number of channels of the series, C, at least 1.</param>
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
        (Options, this.random) = (options, Register(random));
        Network = Register("network", ForecastNetwork.New(options, channels, random));
        history = RegisterBuffer("history", Tensor.Zeros(WeightLimit.For(Kind, options.LookBack, channels)));
        scaler = new ChannelScaler(new double[channels], [.. Enumerable.Repeat(1.0, channels)]);
    }

    /// <summary>The network, its window, and how it is trained.</summary>
    public NetworkForecasterOptions Options { get; }

    /// <summary>The network.</summary>
    public ForecastNetwork Network { get; }

    /// <summary>The scaling of the channels.</summary>
    public ChannelScaler Scaler => scaler;

    /// <inheritdoc/>
    public override string FileKind => KindName;

    /// <inheritdoc/>
    protected internal override string OptionsJson => Models.OptionsJson.Write(
        new NetworkForecasterFile(Network.ChannelCount, Options, Frame, scaler.Shifts, scaler.Scales),
        Models.OptionsJson.Default.NetworkForecasterFile);

    /// <summary>Loads a forecaster that <see cref="Model.Save"/> wrote, or from a checkpoint.</summary>
    /// <param name="path">The path of a file or folder, as for <see cref="ModelFile.Open"/>.</param>
    /// <param name="random">
    /// The generator that draws dropout masks if it is trained further; null for one with seed 0.
    /// </param>
    /// <exception cref="CheckpointException">The file cannot be read, or holds another kind.</exception>
    public static NetworkForecaster Load(string path, RandomGenerator? random = null) =>
        ModelFile.Load(path, KindName, file =>
        {
            var saved = file.ReadOptions(Models.OptionsJson.Default.NetworkForecasterFile);
            var forecaster = new NetworkForecaster(saved.Channels, saved.Options, random ?? new RandomGenerator(0))
            {
                scaler = new ChannelScaler(saved.Shifts, saved.Scales),
            };
            forecaster.Restore(saved.Frame);
            return forecaster;
        });

    /// <summary>
    /// Takes the scaling, the channels and the last steps from a series for training, without training.
    /// </summary>
    internal void Begin(TimeSeries training)
    {
        RequireChannels(training);
        scaler = ChannelScaler.Fit(training, Options.Scaling);
        history.Value.CopyFrom(LastSteps(new float[Options.LookBack * Network.ChannelCount], training));
        Restore(ForecastFrame.After(training));
    }

    /// <inheritdoc/>
    protected override void FitTo(TimeSeries training, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(training);
        RequireChannels(training);
        var options = Options.Training;
        var split = TimeSplit.Of(training, options.Validation, lookBack: Options.LookBack);
        var before = new BestWeights(this);
        before.Keep();
        var (frame, oldScaler) = (Frame, scaler);
        try
        {
            using var task = new ForecastTask(this, split.Training, split.Validation!, options.BatchSize, options.Seed);
            using var optimizer = new Adam(Network.Parameters(), options.LearningRate);
            var epoch = task.BatchesPerPass;
            var settings = new TrainerOptions
            {
                Steps = (long)options.Epochs * epoch,
                EvaluateEvery = epoch,
                Patience = options.Patience,
                RestoreBest = true,
            };
            new Trainer(task, optimizer, settings, new StepDecaySchedule(epoch, 0.5)).Run(cancellation);
            cancellation.ThrowIfCancellationRequested();
            Update(split.Validation!.Slice(Options.LookBack, split.Validation.Length - Options.LookBack));
        }
        catch
        {
            before.Restore();
            scaler = oldScaler;
            Restore(frame);
            throw;
        }
    }

    /// <inheritdoc/>
    protected override float[] Predict(int horizon)
    {
        using var inference = InferenceScope.Open();
        var last = history.Value.ToArray();
        var forecast = new List<float>();
        while (forecast.Count < horizon * Network.ChannelCount)
        {
            using var scope = new TensorScope("forecast");
            var past = Tensor.FromSpan(last, new Shape(1, Options.LookBack, Network.ChannelCount), Backend);
            var next = Network.Forward(past).Value.ToArray();
            forecast.AddRange(next);
            last = [.. last.Concat(next).Skip(next.Length)];
        }

        var values = forecast[..(horizon * Network.ChannelCount)].ToArray();
        scaler.Invert(values);
        return values;
    }

    /// <inheritdoc/>
    protected override void Observe(TimeSeries later)
    {
        ArgumentNullException.ThrowIfNull(later);
        history.Value.CopyFrom(LastSteps(history.Value.ToArray(), later));
    }

    /// <summary>Returns the last L steps, scaled, of earlier ones and a series; a missing value is the one before.</summary>
    private float[] LastSteps(float[] earlier, TimeSeries series)
    {
        var channels = Network.ChannelCount;
        var taken = Math.Min(series.Length, Options.LookBack);
        float[] added = [.. series.Slice(series.Length - taken, taken).Values];
        scaler.Apply(added);
        float[] last = [.. earlier[added.Length..], .. added];
        for (var i = 0; i < last.Length; i++)
        {
            if (float.IsNaN(last[i]))
                last[i] = i >= channels ? last[i - channels] : 0f;
        }

        return last;
    }

    private void RequireChannels(TimeSeries training)
    {
        if (training.ChannelCount != Network.ChannelCount)
        {
            throw new ArgumentException($"{Kind}: it forecasts {Counted.Of(Network.ChannelCount, "channel")}; the series has"
                + $" {training.ChannelCount}.", nameof(training));
        }
    }
}

/// <summary>What a file holds of a forecaster beside its weights and its last steps.</summary>
internal sealed record NetworkForecasterFile(int Channels, NetworkForecasterOptions Options, ForecastFrame? Frame,
    IReadOnlyList<double> Shifts, IReadOnlyList<double> Scales);
