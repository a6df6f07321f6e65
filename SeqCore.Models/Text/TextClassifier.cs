namespace SeqCore.Models;

/// <summary>
/// Gives texts one label or several: a <see cref="TextEncoder"/>, pooling over the tokens, dropout and a linear layer, or several
/// of these that decide together. It reads and returns strings, and is saved with its tokenizer and its labels.
/// </summary>
/// <example>
/// <code>
/// LabelledText[] reviews =
///     [new("a fine film", "good"), new("fine acting", "good"), new("a dull film", "bad"), new("dull and long", "bad")];
/// var words = new WordTokenizer(string.Join(' ', reviews.Select(r => r.Text)));
/// var options = new TextClassifierOptions { Labels = LabelledText.LabelsOf(reviews) };
/// using var model = new TextClassifier(words, options, new RandomGenerator(seed: 1));
/// using var task = new TextClassifierTask(model, reviews, reviews, batchSize: 4, seed: 1);
/// using var optimizer = new Adam(model.Parameters(), learningRate: 0.01f);
/// new Trainer(task, optimizer, new TrainerOptions { Steps = 30 }).Run();
/// Console.WriteLine(model.Predict("fine").Label);   // good
/// </code>
/// </example>
public sealed class TextClassifier : Model
{
    /// <summary>The name of this kind of model in files.</summary>
    public const string KindName = "text-classifier";

    private const string NgramsName = "ngrams";
    private readonly ClassifierNetwork[] members;
    private readonly TextNgrams? ngrams;
    private readonly NgramNetwork? linear;
    private readonly RandomGenerator random;
    private readonly Dictionary<string, int> labels = new(StringComparer.Ordinal);
    private readonly int? unknown;
    private readonly BatchTensors training = new();

    /// <summary>Makes a classifier.</summary>
    /// <param name="tokenizer">The tokenizer of the texts.</param>
    /// <param name="options">The labels, the encoder and the training.</param>
    /// <param name="random">
    /// The generator that draws the initial values and the masks of dropout; its state is part of a checkpoint.
    /// </param>
    /// <param name="ngrams">
    /// The n-grams of the texts for training, of the same labels and size, if <see cref="TextClassifierOptions.NgramSize"/> is
    /// above 0; else null, the default.
    /// </param>
    /// <exception cref="ArgumentException">
    /// A size or probability is out of range, or labels are missing, repeated or not text, or the n-grams do not fit the options.
    /// </exception>
    public TextClassifier(Tokenizer tokenizer, TextClassifierOptions options, RandomGenerator random, TextNgrams? ngrams = null)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(random);
        options.Check(Kind);
        options.Check(Kind, ngrams);
        options = options with
        {
            Labels = [.. options.Labels],
            LabelWeights = options.LabelWeights?.ToArray(),
            Encoder = options.Encoder.Copy(),
        };
        (Tokenizer, Options, this.random, unknown) = (tokenizer, options, Register(random), tokenizer.Special.Unknown);
        for (var i = 0; i < options.Labels.Count; i++)
            labels.Add(options.Labels[i], i);
        members = new ClassifierNetwork[WeightLimit.ForParts(options.Members)];
        for (var i = 0; i < members.Length; i++)
            members[i] = new ClassifierNetwork(tokenizer.Count, options, random);
        if (members.Length > 1)
        {
            Register("members", new ModuleList<ClassifierNetwork>(members));
        }
        else
        {
            // The weights of a model with one member have no prefix.
            foreach (var (name, part) in members[0].Children)
                Register(name, part);
        }

        this.ngrams = ngrams;
        if (ngrams is not null)
            linear = Register(NgramsName, new NgramNetwork(ngrams, random));
    }

    /// <summary>The tokenizer of the texts.</summary>
    public Tokenizer Tokenizer { get; }

    /// <summary>The labels, the encoder and the training.</summary>
    public TextClassifierOptions Options { get; }

    /// <inheritdoc/>
    public override string FileKind => KindName;

    /// <inheritdoc/>
    protected internal override string OptionsJson =>
        Models.OptionsJson.Write(Options, Models.OptionsJson.Default.TextClassifierOptions);

    /// <inheritdoc/>
    protected internal override IEnumerable<KeyValuePair<string, Tokenizer>> Tokenizers => ngrams is null
        ? [new(ModelDescription.Tokenizer, Tokenizer)]
        : [new(ModelDescription.Tokenizer, Tokenizer), new(NgramsName, ngrams.Vocabulary)];

    /// <summary>Loads a model that <see cref="Model.Save"/> wrote, in evaluation mode.</summary>
    /// <param name="path">
    /// The path of a model file or a checkpoint, or of a folder with checkpoints (see <see cref="ModelFile.Open"/>).
    /// </param>
    /// <param name="random">
    /// The generator that draws dropout masks if the model is trained further; null for one with seed 0.
    /// </param>
    /// <exception cref="CheckpointException">The model cannot be read; the message gives the reason.</exception>
    public static TextClassifier Load(string path, RandomGenerator? random = null)
    {
        using var file = ModelFile.Open(path);
        return Load(file, random);
    }

    /// <summary>Makes the model that an open file holds, in evaluation mode.</summary>
    /// <param name="file">An open model file.</param>
    /// <param name="random">
    /// The generator that draws dropout masks if the model is trained further; null for one with seed 0.
    /// </param>
    /// <exception cref="CheckpointException">The file holds another kind of model, or one that cannot be read.</exception>
    public static TextClassifier Load(ModelFile file, RandomGenerator? random = null) =>
        Argument.NotNull(file).Make(KindName, f =>
        {
            var options = f.ReadOptions(Models.OptionsJson.Default.TextClassifierOptions);
            return new TextClassifier(f.RequireTokenizer(), options, random ?? new RandomGenerator(0),
                f.ReadTokenizer(NgramsName) is TokenVocabulary known
                    ? new TextNgrams(known, options.Labels, options.NgramSize)
                    : null);
        });

    /// <summary>Computes the logits of the labels.</summary>
    /// <param name="tokens">The tokens, shape (B, T), each in [0, V).</param>
    /// <param name="lengths">
    /// The number of tokens of each text, shape (B,), in [1, T]; later ones are padding. Null for T in all.
    /// </param>
    /// <returns>
    /// The logits, shape (B, C), for a softmax, or for a sigmoid if a text can have several labels; of several members, the mean
    /// of theirs, and the logits of the n-grams are added.
    /// </returns>
    /// <exception cref="ShapeException">A tensor does not have the required shape.</exception>
    public Variable Forward(IndexTensor tokens, IndexTensor? lengths = null) => Forward(tokens, lengths, tensors: null).Logits;

    /// <summary>
    /// Computes the mean loss of texts: the cross-entropy of their label, or the binary cross-entropies of all labels. Of several
    /// members, which learn each on its own, it is the mean of their losses.
    /// </summary>
    /// <param name="texts">The texts, at least one.</param>
    /// <exception cref="ArgumentException">
    /// There is no text, a label is unknown, or a text does not have the number of labels that the model gives.
    /// </exception>
    public Variable Loss(IReadOnlyList<LabelledText> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return LossOf(Encode(texts));
    }

    /// <summary>Predicts the label or labels of a text, in evaluation mode whatever the model's mode.</summary>
    /// <param name="text">The text; one without any token counts as one unknown token.</param>
    public TextPrediction Predict(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Predict([text])[0];
    }

    /// <summary>Predicts the label or labels of each text, in evaluation mode whatever the model's mode.</summary>
    /// <param name="texts">The texts; one without any token counts as one unknown token.</param>
    /// <returns>The predictions, in the order of the texts.</returns>
    public IReadOnlyList<TextPrediction> Predict(IReadOnlyList<string> texts)
    {
        var all = Argument.NoNulls(texts, Kind, nameof(texts));
        EncodedText[] encoded = [.. all.Select((t, i) => new EncodedText(Encode(t, i), []))];
        return Predict(encoded);
    }

    internal TextPrediction[] Predict(EncodedText[] texts)
    {
        using var inference = InferenceScope.Open();
        using var pause = Tape.Current?.Pause();
        var predictions = new TextPrediction[texts.Length];
        foreach (var rows in LengthBatches.Of(texts, t => t.Tokens.Length))
        {
            using var scope = new TensorScope("prediction");
            using var tensors = new BatchTensors();
            var batch = tensors.Hold(Pad([.. rows.Select(i => texts[i].Tokens)]));
            var (logits, weights) = Forward(batch.Tokens, batch.Lengths, tensors);
            var probabilities = Probabilities(logits);
            var ofTokens = weights?.Value.ToArray2D();
            for (var b = 0; b < rows.Count; b++)
                predictions[rows[b]] = Prediction(texts[rows[b]].Tokens, Row(probabilities, b, labels.Count), ofTokens, b);
        }

        return predictions;
    }

    /// <summary>Scores texts whose labels are known, in evaluation mode whatever the model's mode.</summary>
    /// <param name="texts">The texts, at least one.</param>
    /// <exception cref="ArgumentException">
    /// There is no text, a label is unknown, or a text does not have the number of labels that the model gives.
    /// </exception>
    public ClassificationScore Score(IReadOnlyList<LabelledText> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return Score(Encode(texts), CancellationToken.None);
    }

    internal EncodedText[] Encode(IReadOnlyList<LabelledText> texts)
    {
        var encoded = new EncodedText[texts.Count];
        for (var i = 0; i < encoded.Length; i++)
        {
            var (text, own) = texts[i];
            if (text is null || own is null)
                throw new ArgumentException($"{Kind}: text {i} is null, or has no list of labels.", nameof(texts));
            if (!Options.IsMultiLabel && own.Count != 1)
            {
                throw new ArgumentException($"{Kind}: text {i} has {Counted.Of(own.Count, "label")}; each should have exactly"
                    + $" one. Hint: for several labels set {nameof(TextClassifierOptions)}.{nameof(Options.IsMultiLabel)}.",
                    nameof(texts));
            }

            encoded[i] = new EncodedText(Encode(text, i), [.. own.Select(l => Index(l, i)).Distinct()]);
        }

        return encoded;
    }

    internal Variable LossOf(IReadOnlyList<EncodedText> texts)
    {
        if (texts.Count == 0)
            throw new ArgumentException($"{Kind}: at least one text is needed.", nameof(texts));

        training.ReleaseRead();
        var batch = training.Hold(Pad([.. texts.Select(t => IsTraining ? DropTokens(t.Tokens) : t.Tokens)]));
        Variable[] logits = [.. members.Select(m => m.Forward(batch.Tokens, batch.Lengths).Logits),
            .. linear is null ? [] : new[] { linear.Forward(batch.Tokens, batch.Lengths, training) }];
        return Mean(Array.ConvertAll(logits,
            l => Loss(l, texts, LossReduction.Mean, Options.LabelSmoothing, Options.LabelWeights, training)));
    }

    internal ClassificationScore Score(EncodedText[] texts, CancellationToken cancellation)
    {
        if (texts.Length == 0)
            throw new ArgumentException($"{Kind}: at least one text is needed.", nameof(texts));
        using var inference = InferenceScope.Open();
        using var pause = Tape.Current?.Pause();
        var (loss, right, ofLabels) = (0.0, 0, default(LabelScore));
        foreach (var rows in LengthBatches.Of(texts, t => t.Tokens.Length))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = new TensorScope("evaluation");
            using var tensors = new BatchTensors();
            EncodedText[] own = [.. rows.Select(i => texts[i])];
            var batch = tensors.Hold(Pad([.. own.Select(t => t.Tokens)]));
            var logits = Forward(batch.Tokens, batch.Lengths, tensors).Logits;
            loss += Loss(logits, own, LossReduction.Sum, smoothing: 0f, weights: null, tensors).Value.Item();
            var probabilities = Probabilities(logits);
            for (var b = 0; b < own.Length; b++)
            {
                int[] chosen = [.. Chosen(Row(probabilities, b, labels.Count))];
                var hits = chosen.Intersect(own[b].Labels).Count();
                var score = new LabelScore(hits, chosen.Length - hits, own[b].Labels.Length - hits);
                ofLabels += score;
                right += score is { FalsePositives: 0, FalseNegatives: 0 } ? 1 : 0;
            }
        }

        // The binary cross-entropies of all labels are a mean, as in training.
        var terms = (double)texts.Length * (Options.IsMultiLabel ? labels.Count : 1);
        return new ClassificationScore(loss / terms, (double)right / texts.Length, Options.IsMultiLabel ? ofLabels.F1 : null,
            texts.Length);
    }

    private Variable Loss(Variable logits, IReadOnlyList<EncodedText> texts, LossReduction reduction, float smoothing,
        IReadOnlyList<float>? weights, BatchTensors tensors)
    {
        var backend = logits.Value.Backend;
        var ofLabels = weights is null ? null : Tensor.FromSpan([.. weights], new Shape(weights.Count), backend);
        if (!Options.IsMultiLabel)
        {
            var label = tensors.Hold(
                IndexTensor.FromSpan([.. texts.Select(t => t.Labels[0])], new Shape(texts.Count), backend));
            return logits.CrossEntropy(label, reduction, labelSmoothing: smoothing, classWeights: ofLabels);
        }

        var targets = new float[texts.Count * labels.Count];
        Array.Fill(targets, smoothing / 2f);
        for (var b = 0; b < texts.Count; b++)
        {
            foreach (var label in texts[b].Labels)
                targets[b * labels.Count + label] = 1f - smoothing / 2f;
        }

        var target = Tensor.FromSpan(targets, logits.Shape, backend);
        return Models.Loss.BinaryCrossEntropyWithLogits(logits, target, reduction, ofLabels);
    }

    /// <summary>Computes the logits, and the weights of the tokens in attention pooling.</summary>
    private (Variable Logits, Variable? Weights) Forward(IndexTensor tokens, IndexTensor? lengths, BatchTensors? tensors)
    {
        var outputs = Array.ConvertAll(members, m => m.Forward(tokens, lengths));
        var logits = Mean(Array.ConvertAll(outputs, o => o.Logits));
        return (linear is null ? logits : logits + linear.Forward(tokens, lengths, tensors),
            outputs[0].Weights is null ? null : Mean(Array.ConvertAll(outputs, o => o.Weights!)));
    }

    /// <summary>Returns the mean of what the members compute.</summary>
    private static Variable Mean(Variable[] ofMembers)
    {
        var sum = ofMembers[0];
        foreach (var other in ofMembers.AsSpan(1))
            sum += other;
        return ofMembers.Length == 1 ? sum : sum / ofMembers.Length;
    }

    private PaddedBatch Pad(int[][] tokens) => new(tokens, Tokenizer.Special.Padding ?? 0, Backend);

    private int[] Encode(string text, int place)
    {
        int[] tokens;
        try
        {
            tokens = Tokenizer.Encode(text);
        }
        catch (ArgumentException unreadable)
        {
            throw new ArgumentException($"{Kind}: text {place} cannot be read. {unreadable.Message}", nameof(text), unreadable);
        }

        if (tokens.Length == 0)
            return [unknown ?? 0];
        return tokens.Length > Options.MaximumLength ? tokens[..Options.MaximumLength] : tokens;
    }

    private int[] DropTokens(int[] tokens) => Options.TokenDropout > 0f && unknown is { } token
        ? Array.ConvertAll(tokens, t => random.NextDouble() < Options.TokenDropout ? token : t)
        : tokens;

    private int Index(string label, int text) => LabelNames.Index(labels, label, Kind, $"text {text}");

    private float[,] Probabilities(Variable logits) =>
        (Options.IsMultiLabel ? logits.Sigmoid() : logits.Softmax()).Value.ToArray2D();

    /// <summary>Returns the indices of the labels that these probabilities give a text.</summary>
    private IEnumerable<int> Chosen(float[] probabilities) => Options.IsMultiLabel
        ? Enumerable.Range(0, probabilities.Length).Where(i => probabilities[i] > Options.Threshold)
        : [Array.IndexOf(probabilities, probabilities.Max())];

    private TextPrediction Prediction(int[] tokens, float[] probabilities, float[,]? weights, int row)
    {
        var best = Array.IndexOf(probabilities, probabilities.Max());
        return new TextPrediction(Options.Labels[best], probabilities[best],
            [.. Chosen(probabilities).Select(i => Options.Labels[i])], probabilities, tokens,
            weights is null ? null : Row(weights, row, tokens.Length));
    }

    private static float[] Row(float[,] values, int row, int count) =>
        [.. Enumerable.Range(0, count).Select(i => values[row, i])];
}
