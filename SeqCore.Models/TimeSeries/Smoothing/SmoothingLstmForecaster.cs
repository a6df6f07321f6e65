namespace SeqCore.Models;

/// <summary>
/// Exponential smoothing of each series, and one LSTM for all of them, trained together (ES-RNN: Smyl, "A hybrid method of
/// exponential smoothing and recurrent neural networks for time series forecasting", International Journal of Forecasting 36,
/// 2020). Each channel is a series of its own, with values above 0: <see cref="AlignedSeries"/> puts series of different lengths
/// side by side. A channel has a level l, a season s that multiplies it, and smoothing coefficients of its own:
/// <code>
/// l_t = alpha y_t / s_t + (1 - alpha) l_(t-1)
/// s_(t+m) = gamma y_t / l_t + (1 - gamma) s_t
/// log y_(t+h) = NN(log(y_i / (s_i l_t)) for the last L steps i)_h + log l_t + log s_(t+h)
/// </code>
/// where the LSTM keeps its state from step to step. Everything is trained by the absolute error of logarithms, with Adam and an
/// evaluation on the last H steps after each epoch, whose best weights are kept. The values of seasons after s_(t+m) repeat.
/// Parameters, of N series: <c>levels</c> (N) and <c>seasons</c> (N) whose sigmoids are alpha and gamma, <c>initial</c> (N, m),
/// the logarithms of the first seasons, <c>lstm</c>, <c>head</c>.
/// Differs from the paper: layers have no dilation and no residual connections, there is one model in place of an ensemble, and
/// the forecast is the median, not the quantile that the competition's measure favours.
/// </summary>
/// <example>
/// <code>
/// // Two shops of the same season; the second one opened later.
/// float Sales(int t, float level) => level * (1.5f + MathF.Sin(t * MathF.Tau / 6f));
/// var old = new TimeSeries([.. Enumerable.Range(0, 60).Select(t => Sales(t, 100f))], ["old"]);
/// var young = new TimeSeries([.. Enumerable.Range(24, 36).Select(t => Sales(t, 5f))], ["young"]);
/// var options = new SmoothingLstmOptions { Season = 6, LookBack = 6, Horizon = 6, Epochs = 5 };
/// using var forecaster = new SmoothingLstmForecaster(channels: 2, options, new RandomGenerator(seed: 1));
/// forecaster.Fit(AlignedSeries.AtEnd([old, young]));
/// var forecast = forecaster.Forecast(12);
/// Console.WriteLine($"{string.Join(", ", forecast.Channels)}: {forecast.Length} steps");      // old, young: 12 steps
/// </code>
/// </example>
public sealed class SmoothingLstmForecaster : Forecaster
{
    /// <summary>The name of this kind of forecaster in files.</summary>
    public const string KindName = "smoothing-lstm-forecaster";

    private readonly RandomGenerator random;
    private readonly Parameter levels, state;
    private readonly Parameter? seasons, initial;
    private readonly Lstm lstm;
    private readonly Linear head;

    /// <summary>Makes a forecaster, which is to be fitted.</summary>
    /// <param name="channels">The number of series, N, at least 1.</param>
    /// <param name="options">The season, the window and the training.</param>
    /// <param name="random">The generator that draws the initial values; its state is part of a checkpoint.</param>
    /// <exception cref="ArgumentException">A size or number is out of range.</exception>
    public SmoothingLstmForecaster(int channels, SmoothingLstmOptions options, RandomGenerator random)
    {
        Argument.AtLeast(channels, Kind, nameof(channels));
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(random);
        options.Check(Kind);
        (Options, ChannelCount, this.random) = (options, channels, Register(random));
        levels = Register("levels", Tensor.Zeros(WeightLimit.For(Kind, channels)));
        if (options.Season > 1)
        {
            seasons = Register("seasons", Tensor.Zeros(WeightLimit.For(Kind, channels)));
            initial = Register("initial", Tensor.Zeros(WeightLimit.For(Kind, channels, options.Season)));
        }

        lstm = Register("lstm", new Lstm(options.LookBack, options.HiddenSize, random,
            new RecurrentLayerOptions { Layers = options.Layers }));
        head = Register("head", new Linear(options.HiddenSize, options.Horizon, random));
        state = RegisterBuffer("state", Tensor.Zeros(WeightLimit.For(Kind, channels, SmoothingState.Width(options))));
    }

    /// <summary>The season, the window and the training.</summary>
    public SmoothingLstmOptions Options { get; }

    /// <summary>The number of series, N.</summary>
    public int ChannelCount { get; }

    /// <inheritdoc/>
    public override string FileKind => KindName;

    /// <inheritdoc/>
    protected internal override string OptionsJson => Models.OptionsJson.Write(
        new SmoothingLstmFile(ChannelCount, Options, Frame), Models.OptionsJson.Default.SmoothingLstmFile);

    /// <summary>Loads a forecaster that <see cref="Model.Save"/> wrote.</summary>
    /// <param name="path">The path of a file or folder, as for <see cref="ModelFile.Open"/>.</param>
    /// <exception cref="CheckpointException">The file cannot be read, or holds another kind.</exception>
    public static SmoothingLstmForecaster Load(string path) => ModelFile.Load(path, KindName, Read);

    /// <summary>Makes a forecaster from the options in a file.</summary>
    internal static SmoothingLstmForecaster Read(ModelFile file)
    {
        var saved = file.ReadOptions(Models.OptionsJson.Default.SmoothingLstmFile);
        var forecaster = new SmoothingLstmForecaster(saved.Channels, saved.Options, new RandomGenerator(0));
        forecaster.Restore(saved.Frame);
        return forecaster;
    }

    /// <summary>
    /// Takes the first seasons from series for training, which it checks, and returns their values without those missing before
    /// the first one.
    /// </summary>
    internal IReadOnlyList<float[]> Begin(TimeSeries training)
    {
        if (training.ChannelCount != ChannelCount)
        {
            throw new ArgumentException($"{Kind}: it forecasts {Counted.Of(ChannelCount, "channel")}; the series has"
                + $" {training.ChannelCount}.", nameof(training));
        }

        var series = Enumerable.Range(0, ChannelCount).Select(c => Values(training, c)).ToList();
        levels.Value.CopyFrom(new float[ChannelCount]);
        seasons?.Value.CopyFrom(new float[ChannelCount]);
        initial?.Value.CopyFrom([.. series.SelectMany(v =>
            SeasonalFactors.Of([.. v.Select(y => (double)y)], Options.Season, isAdditive: false)
                .Select(f => MathF.Log((float)Math.Max(f, 1e-3))))]);
        return series;
    }

    /// <summary>Forecasts from many origins within series, in logarithms.</summary>
    /// <param name="values">The values, shape (B, T), from the first one of each series on.</param>
    /// <param name="logs">Their logarithms.</param>
    /// <param name="rows">The numbers of the series, shape (B,).</param>
    /// <param name="origins">The number of origins, P; the first window ends at the first of them.</param>
    /// <returns>The forecasts, shape (B, P, H), and the logarithms of the levels, shape (B, T).</returns>
    internal (Variable Forecasts, Variable Levels) ForecastAll(Tensor values, Tensor logs, IndexTensor rows, int origins)
    {
        var (level, season) = SmoothingRecursion.Run(values, Coefficient(levels, rows)!, Coefficient(seasons, rows),
            initial?.Gather(rows).Exp());
        var (logLevels, logSeasons) = (level.Log(), season?.Log());
        var adjusted = logSeasons is null ? logs : logs - logSeasons.Slice(1, 0, values.Shape[1]);
        var now = logLevels.Slice(1, Options.LookBack - 1, origins).Unsqueeze(2);
        var inputs = Variable.Stack([.. Enumerable.Range(0, Options.LookBack).Select(i => adjusted.Slice(1, i, origins))], 2);
        var forecasts = head.Forward(lstm.Forward(inputs - now).Output) + now;
        if (logSeasons is not null)
        {
            // Of the steps that are forecast, only a season is known at their origin.
            forecasts += Variable.Stack([.. Enumerable.Range(0, Options.Horizon)
                .Select(h => logSeasons.Slice(1, Options.LookBack + (h % Options.Season), origins))], 2);
        }

        return (forecasts, logLevels);
    }

    /// <inheritdoc/>
    protected override void FitTo(TimeSeries training, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(training);
        var before = new BestWeights(this);
        before.Keep();
        try
        {
            using var task = new SmoothingLstmTask(this, training);
            using var optimizer = new Adam(Parameters(), Options.LearningRate);
            var steps = (long)Options.Epochs * task.BatchesPerPass;
            var settings = new TrainerOptions
            {
                Steps = steps,
                EvaluateEvery = task.BatchesPerPass,
                Patience = Options.Patience,
                RestoreBest = true,
            };
            new Trainer(task, optimizer, settings, new LinearSchedule(steps, 0.1)).Run(cancellation);
            cancellation.ThrowIfCancellationRequested();
            var begun = SmoothingState.Begin(Options, initial?.Value.Exp().ToArray() ?? [], ChannelCount);
            state.Value.CopyFrom(See(begun, training).Rows);
        }
        catch
        {
            before.Restore();
            throw;
        }
    }

    /// <inheritdoc/>
    protected override void Observe(TimeSeries later)
    {
        ArgumentNullException.ThrowIfNull(later);
        for (var c = 0; c < later.ChannelCount; c++)
        {
            for (var t = 0; t < later.Length; t++)
                RequirePositive(later, t, c);
        }

        state.Value.CopyFrom(See(new SmoothingState(Options, state.Value.ToArray()), later).Rows);
    }

    /// <inheritdoc/>
    protected override float[] Predict(int horizon)
    {
        using var inference = InferenceScope.Open();
        var current = new SmoothingState(Options, state.Value.ToArray());
        var (forecast, rates) = (new float[horizon * ChannelCount], Rates());
        for (var step = 0; step < horizon; step++)
        {
            var ahead = step % Options.Horizon;
            if (ahead == 0)
            {
                // Behind the first H steps, forecasts stand for values.
                for (var h = Math.Max(0, step - Options.Horizon); h < step; h++)
                    Step(current, forecast.AsSpan(h * ChannelCount, ChannelCount), rates);
            }

            using var scope = new TensorScope("forecast");
            var ratios = head.Forward(current.LastHidden(Backend)).Value.ToArray();
            for (var c = 0; c < ChannelCount; c++)
                forecast[(step * ChannelCount) + c] = current.Value(c, ahead, ratios[(c * Options.Horizon) + ahead]);
        }

        return forecast;
    }

    /// <summary>Returns the values of a series from its first one on.</summary>
    private float[] Values(TimeSeries training, int channel)
    {
        float[] values = [.. training.ChannelValues(channel).SkipWhile(float.IsNaN)];
        if (values.Length < Options.ShortestSeries)
        {
            throw new DataSourceException($"Channel '{training.Channels[channel]}' has {Counted.Of(values.Length, "value")};"
                + $" there should be at least {Options.ShortestSeries}: two seasons, and a look-back and two horizons. Leave it"
                + " out, use more data, or shorten them.");
        }

        for (var t = training.Length - values.Length; t < training.Length; t++)
        {
            RequirePositive(training, t, channel);
            if (float.IsNaN(training[t, channel]))
            {
                throw new DataSourceException($"Channel '{training.Channels[channel]}' has no value at {Place(training, t)}; only"
                    + " those before its first value may be missing. Fill the gaps.");
            }
        }

        return values;
    }

    private static void RequirePositive(TimeSeries series, int step, int channel)
    {
        if (series[step, channel] <= 0)
        {
            throw new DataSourceException($"Channel '{series.Channels[channel]}' has the value {series[step, channel]} at"
                + $" {Place(series, step)}; exponential smoothing that multiplies needs values above 0. Leave the channel out, or"
                + " use another forecaster.");
        }
    }

    private static string Place(TimeSeries series, int step) =>
        series.Start is null ? $"step {step}" : string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"step {step}, {series.TimeAt(step):yyyy-MM-dd HH:mm:ss}");

    private static Variable? Coefficient(Parameter? logits, IndexTensor rows) => logits?.Gather(rows).Unsqueeze(1).Sigmoid();

    /// <summary>Runs smoothing and LSTM over the steps of a series, one by one.</summary>
    private SmoothingState See(SmoothingState current, TimeSeries later)
    {
        using var inference = InferenceScope.Open();
        var rates = Rates();
        for (var t = 0; t < later.Length; t++)
            Step(current, later.Memory(t, 1).Span, rates);
        return current;
    }

    private void Step(SmoothingState current, ReadOnlySpan<float> values, (float[] Alpha, float[] Gamma) rates)
    {
        using var scope = new TensorScope("step");
        current.Observe(values, rates.Alpha, rates.Gamma);
        current.Take(lstm.Forward(current.Inputs(Backend), current.Recurrent(Backend)).State);
    }

    /// <summary>Returns the smoothing coefficients of all series.</summary>
    private (float[] Alpha, float[] Gamma) Rates()
    {
        using var scope = new TensorScope("rates");
        return (levels.Value.Sigmoid().ToArray(), seasons?.Value.Sigmoid().ToArray() ?? []);
    }
}

/// <summary>What a file holds of the forecaster beside its weights and its state.</summary>
internal sealed record SmoothingLstmFile(int Channels, SmoothingLstmOptions Options, ForecastFrame? Frame);
