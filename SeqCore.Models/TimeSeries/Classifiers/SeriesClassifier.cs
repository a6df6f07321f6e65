namespace SeqCore.Models;

/// <summary>
/// Gives each series one of several labels: recurrent layers or convolutions over its steps, pooling over time, dropout and a
/// linear layer. Series may have several channels, and different lengths. It is saved with its labels and its scaling.
/// </summary>
/// <example>
/// <code>
/// LabelledSeries[] signals = [.. Enumerable.Range(0, 40).Select(i => new LabelledSeries(
///     new TimeSeries([.. Enumerable.Range(0, 20 + i % 7).Select(t => MathF.Sin(t * (i % 2 == 0 ? 0.5f : 1.5f) + i))]),
///     Label: i % 2 == 0 ? "slow" : "fast"))];
/// var options = new SeriesClassifierOptions { Labels = LabelledSeries.LabelsOf(signals) };
/// using var model = new SeriesClassifier(options, new RandomGenerator(seed: 1));
/// model.Fit(signals);
/// var wave = new TimeSeries([.. Enumerable.Range(0, 30).Select(t => MathF.Sin(t * 1.5f + 0.5f))]);
/// Console.WriteLine(model.Predict(wave).Label);   // fast
/// </code>
/// </example>
public sealed class SeriesClassifier : Model
{
    /// <summary>The name of this kind of model in files.</summary>
    public const string KindName = "series-classifier";

    private readonly SeriesNetwork network;
    private readonly Dictionary<string, int> labels = new(StringComparer.Ordinal);
    private readonly BatchTensors batches = new();

    /// <summary>Makes a classifier, which is to be fitted.</summary>
    /// <param name="options">The labels, the layers, the scaling and the training.</param>
    /// <param name="random">
    /// The generator that draws the initial values and the masks of dropout; its state is part of a checkpoint.
    /// </param>
    /// <exception cref="ArgumentException">
    /// A size or number is out of range, labels are missing, repeated or not text, or options contradict each other.
    /// </exception>
    public SeriesClassifier(SeriesClassifierOptions options, RandomGenerator random)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(random);
        options.Check(Kind);
        Options = options.Copy();
        Register(random);
        for (var i = 0; i < options.Labels.Count; i++)
            labels.Add(options.Labels[i], i);
        network = Register("network", new SeriesNetwork(Options, random));
        Scaler = new ChannelScaler(new double[options.Channels.Count], [.. options.Channels.Select(_ => 1.0)]);
    }

    /// <summary>The labels, the layers, the scaling and the training.</summary>
    public SeriesClassifierOptions Options { get; }

    /// <summary>
    /// The scaling of the channels by the series for training; it has no effect if each series is scaled by its own values.
    /// </summary>
    public ChannelScaler Scaler { get; private set; }

    /// <inheritdoc/>
    public override string FileKind => KindName;

    /// <inheritdoc/>
    protected internal override string OptionsJson => Models.OptionsJson.Write(
        new SeriesClassifierFile(Options, Scaler.Shifts, Scaler.Scales), Models.OptionsJson.Default.SeriesClassifierFile);

    /// <summary>Loads a classifier that <see cref="Model.Save"/> wrote, or from a checkpoint, in evaluation mode.</summary>
    /// <param name="path">The path of a file or folder, as for <see cref="ModelFile.Open"/>.</param>
    /// <param name="random">
    /// The generator that draws dropout masks if it is trained further; null for one with seed 0.
    /// </param>
    /// <exception cref="CheckpointException">The file cannot be read, or holds another kind.</exception>
    public static SeriesClassifier Load(string path, RandomGenerator? random = null)
    {
        using var file = ModelFile.Open(path);
        return Load(file, random);
    }

    /// <summary>Makes the classifier that an open file holds, in evaluation mode.</summary>
    /// <param name="file">An open model file.</param>
    /// <param name="random">
    /// The generator that draws dropout masks if it is trained further; null for one with seed 0.
    /// </param>
    /// <exception cref="CheckpointException">The file holds another kind of model, or one that cannot be read.</exception>
    public static SeriesClassifier Load(ModelFile file, RandomGenerator? random = null) =>
        Argument.NotNull(file).Make(KindName, f =>
        {
            var saved = f.ReadOptions(Models.OptionsJson.Default.SeriesClassifierFile);
            return new SeriesClassifier(saved.Options, random ?? new RandomGenerator(0))
            {
                Scaler = new ChannelScaler(saved.Shifts, saved.Scales),
            };
        });

    /// <summary>
    /// Trains the classifier on series. To watch, resume or change the training, give a <see cref="SeriesClassifierTask"/> to a
    /// <see cref="Trainer"/>.
    /// </summary>
    /// <param name="series">The series, of at least two different labels.</param>
    /// <param name="cancellation">Ends the training.</param>
    /// <exception cref="DataSourceException">
    /// There is no series, or all have the same label, or none is left for training.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// A series has no label or one that is unknown to the model, other channels than the model, a missing value, or fewer steps
    /// than the least number.
    /// </exception>
    /// <exception cref="OperationCanceledException">The training was ended; the classifier is as before.</exception>
    public void Fit(IReadOnlyList<LabelledSeries> series, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(series);
        var options = Options.Training;
        var (training, validation) = (series, series);
        if (options.Validation > 0)
        {
            var split = DataSplit.Of(series, options.Validation, seed: options.Seed, label: s => s?.Label ?? "");
            (training, validation) = (split.Training, split.Validation);
        }

        var (before, scaler) = (new BestWeights(this), Scaler);
        before.Keep();
        try
        {
            using var task = new SeriesClassifierTask(this, training, validation, options.BatchSize, options.Seed);
            using var optimizer = new Adam(Parameters(), options.LearningRate);
            var steps = (long)options.Epochs * task.BatchesPerPass;
            var hasValidation = options.Validation > 0;
            var settings = new TrainerOptions
            {
                Steps = steps,
                EvaluateEvery = hasValidation ? task.BatchesPerPass : 0,
                RestoreBest = hasValidation,
            };
            new Trainer(task, optimizer, settings, new CosineSchedule(steps)).Run(cancellation);
            cancellation.ThrowIfCancellationRequested();
        }
        catch
        {
            before.Restore();
            Scaler = scaler;
            throw;
        }
    }

    /// <summary>Predicts the label of a series, in evaluation mode whatever the model's mode.</summary>
    /// <param name="series">The series.</param>
    /// <exception cref="ArgumentException">
    /// The series has other channels than the model, a missing value, one that is infinite when scaled, or fewer steps than the
    /// least number.
    /// </exception>
    public SeriesPrediction Predict(TimeSeries series)
    {
        ArgumentNullException.ThrowIfNull(series);
        return Predict([series])[0];
    }

    /// <summary>Predicts the label of each series, in evaluation mode whatever the model's mode.</summary>
    /// <param name="series">The series.</param>
    /// <returns>The predictions, in the order of the series.</returns>
    /// <exception cref="ArgumentException">
    /// A series has other channels than the model, a missing value, one that is infinite when scaled, or fewer steps than the
    /// least number.
    /// </exception>
    public IReadOnlyList<SeriesPrediction> Predict(IReadOnlyList<TimeSeries> series)
    {
        var all = Argument.NoNulls(series, Kind, nameof(series));
        EncodedSeries[] encoded = [.. all.Select((s, i) => Encode(s, 0, $"series {i}"))];
        var predictions = new SeriesPrediction[encoded.Length];
        Evaluate(encoded, CancellationToken.None, (rows, logits, _) =>
        {
            var probabilities = logits.Softmax().Value.ToArray2D();
            for (var b = 0; b < rows.Count; b++)
            {
                float[] own = [.. Enumerable.Range(0, labels.Count).Select(l => probabilities[b, l])];
                var best = Array.IndexOf(own, own.Max());
                predictions[rows[b]] = new SeriesPrediction(Options.Labels[best], own[best], own);
            }
        });
        return predictions;
    }

    /// <summary>Scores series whose labels are known, in evaluation mode whatever the model's mode.</summary>
    /// <param name="series">The series, at least one.</param>
    /// <exception cref="ArgumentException">
    /// There is no series, or one has no label or one that is unknown to the model, other channels than the model, a missing
    /// value, or fewer steps than the least number.
    /// </exception>
    public ClassificationScore Score(IReadOnlyList<LabelledSeries> series)
    {
        ArgumentNullException.ThrowIfNull(series);
        return Score(Encode(series), CancellationToken.None);
    }

    /// <summary>Takes the scaling from series for training, and returns both parts as the network reads them.</summary>
    internal (EncodedSeries[] Training, EncodedSeries[] Validation) Begin(IReadOnlyList<LabelledSeries> training,
        IReadOnlyList<LabelledSeries> validation)
    {
        var before = Scaler;
        foreach (var (i, series) in training.Index())
            Check(series?.Series, PlaceOf(series, i));
        if (training.Select(s => s.Label).Distinct(StringComparer.Ordinal).Count() < 2)
        {
            throw new DataSourceException($"All {Counted.Of(training.Count, "series")} for training have the same label,"
                + $" '{training[0].Label}'; a classifier needs at least two.");
        }

        try
        {
            if (!Options.ScalesEachSeries)
            {
                float[] values = [.. training.SelectMany(s => s.Series.Values.ToArray())];
                Scaler = ChannelScaler.Fit(new TimeSeries(values, Options.Channels), Options.Scaling);
            }

            return (Encode(training), Encode(validation));
        }
        catch
        {
            Scaler = before;
            throw;
        }
    }

    internal Variable LossOf(IReadOnlyList<EncodedSeries> series)
    {
        batches.ReleaseRead();
        return Loss(Forward(series, batches), series, LossReduction.Mean, Options.LabelWeights, batches);
    }

    internal ClassificationScore Score(EncodedSeries[] series, CancellationToken cancellation)
    {
        if (series.Length == 0)
            throw new ArgumentException($"{Kind}: at least one series is needed.", nameof(series));
        var (loss, right) = (0.0, 0);
        Evaluate(series, cancellation, (rows, logits, tensors) =>
        {
            EncodedSeries[] own = [.. rows.Select(i => series[i])];
            loss += Loss(logits, own, LossReduction.Sum, null, tensors).Value.Item();
            var predicted = logits.Value.ArgMax(axis: 1).ToArray();
            right += own.Zip(predicted).Count(p => p.First.Label == p.Second);
        });
        return new ClassificationScore(loss / series.Length, (double)right / series.Length, null, series.Length);
    }

    /// <summary>Computes the logits of series in batches of similar length, in evaluation mode and without a tape.</summary>
    private void Evaluate(EncodedSeries[] series, CancellationToken cancellation,
        Action<List<int>, Variable, BatchTensors> use)
    {
        using var inference = InferenceScope.Open();
        using var pause = Tape.Current?.Pause();
        foreach (var rows in LengthBatches.Of(series, s => s.Length))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = new TensorScope("evaluation");
            using var tensors = new BatchTensors();
            use(rows, Forward([.. rows.Select(i => series[i])], tensors), tensors);
        }
    }

    /// <summary>Computes the logits of a batch, whose shorter series are padded with zeros that no layer reads.</summary>
    private Variable Forward(IReadOnlyList<EncodedSeries> series, BatchTensors tensors)
    {
        var (steps, channels) = (series.Max(s => s.Length), Options.Channels.Count);
        var values = new float[checked(series.Count * steps * channels)];
        for (var b = 0; b < series.Count; b++)
            series[b].Values.CopyTo(values, b * steps * channels);
        var lengths = tensors.Hold(
            IndexTensor.FromSpan([.. series.Select(s => s.Length)], new Shape(series.Count), Backend));
        return network.Forward(Tensor.FromSpan(values, new Shape(series.Count, steps, channels), Backend), lengths);
    }

    private static Variable Loss(Variable logits, IReadOnlyList<EncodedSeries> series, LossReduction reduction,
        IReadOnlyList<float>? weights, BatchTensors tensors)
    {
        var backend = logits.Value.Backend;
        var own = tensors.Hold(IndexTensor.FromSpan([.. series.Select(s => s.Label)], new Shape(series.Count), backend));
        return logits.CrossEntropy(own, reduction,
            classWeights: weights is null ? null : Tensor.FromSpan([.. weights], new Shape(weights.Count), backend));
    }

    private EncodedSeries[] Encode(IReadOnlyList<LabelledSeries> series)
    {
        var encoded = new EncodedSeries[series.Count];
        for (var i = 0; i < encoded.Length; i++)
        {
            var place = PlaceOf(series[i], i);
            if (series[i] is { Label: null })
                throw new ArgumentException($"{Kind}: {place} has no label.", nameof(series));
            encoded[i] = Encode(series[i]?.Series, LabelNames.Index(labels, series[i]?.Label, Kind, place), place);
        }

        return encoded;
    }

    private EncodedSeries Encode(TimeSeries? series, int label, string place)
    {
        var own = Check(series, place);
        float[] values = [.. own.Values];
        (Options.ScalesEachSeries ? ChannelScaler.Fit(own, Options.Scaling) : Scaler).Apply(values);
        if (Array.FindIndex(values, v => !float.IsFinite(v)) is >= 0 and var i)
        {
            throw new ArgumentException($"{Kind}: {place} has the value {own.Values[i]} at step {i / own.ChannelCount}, which is"
                + " infinite when it is scaled; it is too far from the values for training.", nameof(series));
        }

        return new EncodedSeries(values, own.Length, label);
    }

    private static string PlaceOf(LabelledSeries? series, int index) => series?.Place ?? $"series {index}";

    /// <summary>Requires a series that the model can read.</summary>
    private TimeSeries Check(TimeSeries? series, string place)
    {
        if (series is null)
            throw new ArgumentException($"{Kind}: {place} is null.", nameof(series));
        if (!series.Channels.SequenceEqual(Options.Channels, StringComparer.Ordinal))
        {
            throw new ArgumentException($"{Kind}: {place} has the channels {string.Join(", ", series.Channels)}; those of the"
                + $" model are {string.Join(", ", Options.Channels)}. Choose and order them with"
                + $" {nameof(TimeSeries)}.{nameof(TimeSeries.Select)}.", nameof(series));
        }

        if (series.Length < Options.MinimumLength)
        {
            throw new ArgumentException($"{Kind}: {place} has {Counted.Of(series.Length, "step")}; there should be at least"
                + $" {Options.MinimumLength}.", nameof(series));
        }

        if (series.HasGaps)
        {
            var gap = series.Gaps[0];
            throw new ArgumentException($"{Kind}: {place} has no value at step {gap.Steps.Start} of channel"
                + $" '{series.Channels[gap.Channel]}'. Replace missing values with"
                + $" {nameof(TimeSeries)}.{nameof(TimeSeries.Fill)}.", nameof(series));
        }

        return series;
    }
}

/// <summary>What a file holds of a classifier beside its weights.</summary>
internal sealed record SeriesClassifierFile(SeriesClassifierOptions Options, IReadOnlyList<double> Shifts,
    IReadOnlyList<double> Scales);
