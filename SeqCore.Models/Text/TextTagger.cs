namespace SeqCore.Models;

/// <summary>
/// Gives each token of a sentence a tag, such as its part of speech or its place in a name: a <see cref="TextEncoder"/>, perhaps
/// features of the characters, dropout, a linear layer, and perhaps a <see cref="ConditionalRandomField"/>. It reads and returns
/// strings, and is saved with its vocabularies and tags.
/// </summary>
/// <example>
/// <code>
/// TaggedText[] sentences =
///     [new(["Ann", "sees", "Bob"], ["NAME", "VERB", "NAME"]), new(["Bob", "hears", "Ann"], ["NAME", "VERB", "NAME"])];
/// var words = new TokenVocabulary(sentences.Select(s => s.Tokens));
/// var options = new TextTaggerOptions { Tags = TextTagger.TagsOf(sentences), HasCrf = true };
/// using var model = new TextTagger(words, options, new RandomGenerator(seed: 1));
/// using var task = new TextTaggerTask(model, sentences, sentences, batchSize: 2, seed: 1);
/// using var optimizer = new Adam(model.Parameters(), learningRate: 0.01f);
/// new Trainer(task, optimizer, new TrainerOptions { Steps = 30 }).Run();
/// Console.WriteLine(string.Join(' ', model.Predict(["Ann", "hears", "Bob"])));   // NAME VERB NAME
/// </code>
/// </example>
public sealed partial class TextTagger : Model
{
    /// <summary>The name of this kind of model in files.</summary>
    public const string KindName = "text-tagger";

    internal const string Outside = "O";

    private const string CharactersName = "characters";
    private readonly TextEncoder encoder;
    private readonly CharacterFeatures? features;
    private readonly Dropout? dropout;
    private readonly Linear head;
    private readonly ConditionalRandomField? field;
    private readonly RandomGenerator random;
    private readonly Dictionary<string, int> tags = new(StringComparer.Ordinal);
    private readonly bool hasSpans;
    private readonly BatchTensors training = new();

    /// <summary>Makes a tagger.</summary>
    /// <param name="vocabulary">The tokens that have vectors of their own.</param>
    /// <param name="options">The tags, the encoder and the training.</param>
    /// <param name="random">
    /// The generator that draws the initial values and the masks of dropout; its state is part of a checkpoint.
    /// </param>
    /// <param name="characters">
    /// The characters, if <see cref="TextTaggerOptions.CharacterFeatures"/> is above 0; null for those of the vocabulary.
    /// </param>
    /// <exception cref="ArgumentException">
    /// A size or probability is out of range, or tags are missing, repeated or not text.
    /// </exception>
    public TextTagger(TokenVocabulary vocabulary, TextTaggerOptions options, RandomGenerator random,
        MarkedCharacterTokenizer? characters = null)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(random);
        options.Check(Kind);
        options = options.Copy();
        (Vocabulary, Options, this.random) = (vocabulary, options, Register(random));
        for (var i = 0; i < Options.Tags.Count; i++)
            tags.Add(Options.Tags[i], i);
        hasSpans = Options.Tags.All(t => t == Outside || (t.Length > 1 && t[0] is 'B' or 'I' or 'E' or 'S' && t[1] == '-'));
        if (options.CharacterFeatures > 0)
        {
            Characters = characters ?? new MarkedCharacterTokenizer(string.Concat(vocabulary.Units));
            features = Register("characters", new CharacterFeatures(Characters, options, random));
        }

        encoder = Register("encoder", TextEncoder.New(vocabulary.Count, options.Encoder, random, features?.OutputSize ?? 0));
        if (options.Dropout > 0f)
            dropout = Register("dropout", new Dropout(options.Dropout, random));
        head = Register("head", new Linear(encoder.OutputSize, tags.Count, random));
        if (options.HasCrf)
        {
            field = Register("crf", new ConditionalRandomField(tags.Count, random,
                options.IsBio ? TagConstraints.Bio(Options.Tags) : null));
        }
    }

    /// <summary>The tokens that have vectors of their own.</summary>
    public TokenVocabulary Vocabulary { get; }

    /// <summary>The characters that have vectors of their own; null if characters are not read.</summary>
    public MarkedCharacterTokenizer? Characters { get; }

    /// <summary>The tags, the encoder and the training.</summary>
    public TextTaggerOptions Options { get; }

    /// <inheritdoc/>
    public override string FileKind => KindName;

    /// <inheritdoc/>
    protected internal override string OptionsJson =>
        Models.OptionsJson.Write(Options, Models.OptionsJson.Default.TextTaggerOptions);

    /// <inheritdoc/>
    protected internal override IEnumerable<KeyValuePair<string, Tokenizer>> Tokenizers => Characters is null
        ? [new(ModelDescription.Tokenizer, Vocabulary)]
        : [new(ModelDescription.Tokenizer, Vocabulary), new(CharactersName, Characters)];

    /// <summary>Returns the different tags of sentences, in ordinal order.</summary>
    public static IReadOnlyList<string> TagsOf(IEnumerable<TaggedText> sentences)
    {
        ArgumentNullException.ThrowIfNull(sentences);
        return [.. sentences.SelectMany(s => s.Tags).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    /// <summary>Loads a model that <see cref="Model.Save"/> wrote, in evaluation mode.</summary>
    /// <param name="path">
    /// The path of a model file or a checkpoint, or of a folder with checkpoints (see <see cref="ModelFile.Open"/>).
    /// </param>
    /// <param name="random">
    /// The generator that draws dropout masks if the model is trained further; null for one with seed 0.
    /// </param>
    /// <exception cref="CheckpointException">The model cannot be read; the message gives the reason.</exception>
    public static TextTagger Load(string path, RandomGenerator? random = null)
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
    public static TextTagger Load(ModelFile file, RandomGenerator? random = null) => Argument.NotNull(file).Make(KindName, f =>
        f.RequireTokenizer() is not TokenVocabulary vocabulary
            ? throw new FormatException($"{nameof(TextTagger)}: its tokenizer is not a {nameof(TokenVocabulary)}.")
            : new TextTagger(vocabulary,
                f.ReadOptions(Models.OptionsJson.Default.TextTaggerOptions, new TextTaggerOptions { Tags = [] }),
                random ?? new RandomGenerator(0), f.ReadTokenizer(CharactersName) as MarkedCharacterTokenizer));

    /// <summary>Computes the mean loss of sentences: the cross-entropy of the tags, or the negative log-likelihood.</summary>
    /// <param name="sentences">The sentences, at least one.</param>
    /// <exception cref="ArgumentException">There is no sentence, or one has no tokens or an unknown tag.</exception>
    public Variable Loss(IReadOnlyList<TaggedText> sentences)
    {
        ArgumentNullException.ThrowIfNull(sentences);
        return LossOf(Encode(sentences));
    }

    /// <summary>Predicts the tags of a sentence, in evaluation mode whatever the model's mode.</summary>
    /// <param name="tokens">The tokens, at least one.</param>
    /// <returns>As many tags.</returns>
    /// <exception cref="ArgumentException">There is no token, or one is empty.</exception>
    public IReadOnlyList<string> Predict(IReadOnlyList<string> tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        return Predict([tokens])[0];
    }

    /// <summary>Predicts the tags of each sentence, in evaluation mode whatever the model's mode.</summary>
    /// <param name="sentences">The tokens of each sentence, at least one.</param>
    /// <returns>The tags of each sentence, in the order of the sentences.</returns>
    /// <exception cref="ArgumentException">A sentence has no tokens, or one is empty.</exception>
    public IReadOnlyList<IReadOnlyList<string>> Predict(IReadOnlyList<IReadOnlyList<string>> sentences)
    {
        var all = Argument.NoNulls(sentences, Kind, nameof(sentences));
        EncodedSentence[] encoded = [.. all.Select((s, i) => new EncodedSentence(s, Encode(s, i), []))];
        var predictions = new IReadOnlyList<string>[encoded.Length];
        using var inference = InferenceScope.Open();
        using var pause = Tape.Current?.Pause();
        foreach (var rows in LengthBatches.Of(encoded, s => s.Tokens.Length))
        {
            using var scope = new TensorScope("prediction");
            using var tensors = new BatchTensors();
            var (emissions, lengths) = Emissions([.. rows.Select(i => encoded[i])], tensors);
            foreach (var (row, found) in rows.Zip(Decode(emissions, lengths)))
                predictions[row] = Array.ConvertAll(found, t => Options.Tags[t]);
        }

        return predictions;
    }

    /// <summary>Scores sentences whose tags are known, in evaluation mode whatever the model's mode.</summary>
    /// <param name="sentences">The sentences, at least one.</param>
    /// <exception cref="ArgumentException">There is no sentence, or one has no tokens or an unknown tag.</exception>
    public TaggingScore Score(IReadOnlyList<TaggedText> sentences)
    {
        ArgumentNullException.ThrowIfNull(sentences);
        return Score(Encode(sentences), CancellationToken.None);
    }

    internal TaggingScore Score(EncodedSentence[] sentences, CancellationToken cancellation)
    {
        RequireSome(sentences.Length);
        using var inference = InferenceScope.Open();
        using var pause = Tape.Current?.Pause();
        var (loss, right, count, spans) = (0.0, 0, 0, new SpanScore());
        foreach (var rows in LengthBatches.Of(sentences, s => s.Tokens.Length))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = new TensorScope("evaluation");
            using var tensors = new BatchTensors();
            EncodedSentence[] own = [.. rows.Select(i => sentences[i])];
            var (emissions, lengths) = Emissions(own, tensors);
            loss += Loss(emissions, lengths, own, LossReduction.Sum, tensors).Value.Item();
            foreach (var (sentence, found) in own.Zip(Decode(emissions, lengths)))
            {
                count += found.Length;
                right += found.Zip(sentence.Tags).Count(t => t.First == t.Second);
                if (hasSpans)
                    spans.Add([.. sentence.Tags.Select(t => Options.Tags[t])], [.. found.Select(t => Options.Tags[t])]);
            }
        }

        return new TaggingScore(loss / (field is null ? count : sentences.Length), (double)right / count,
            hasSpans ? spans.Overall.F1 : null, count);
    }

    internal EncodedSentence[] Encode(IReadOnlyList<TaggedText> sentences)
    {
        var encoded = new EncodedSentence[sentences.Count];
        for (var i = 0; i < encoded.Length; i++)
        {
            if (sentences[i] is not { Tokens: not null, Tags: not null } sentence)
                throw new ArgumentException($"{Kind}: sentence {i} is null, or has no tokens or tags.", nameof(sentences));
            if (sentence.Tags.Count != sentence.Tokens.Count)
            {
                throw new ArgumentException($"{Kind}: sentence {i} has {Counted.Of(sentence.Tokens.Count, "token")} and"
                    + $" {Counted.Of(sentence.Tags.Count, "tag")}; each token needs one.", nameof(sentences));
            }

            int[] own = [.. sentence.Tags.Select(t => Index(t, i))];
            if (field?.Constraints is { } constraints)
                RequireAllowed(constraints, own, i);
            encoded[i] = new EncodedSentence(sentence.Tokens, Encode(sentence.Tokens, i), own);
        }

        return encoded;
    }

    /// <summary>Returns sentences for training, with the probability that each of their tokens is dropped.</summary>
    internal EncodedSentence[] EncodeForTraining(IReadOnlyList<TaggedText> sentences)
    {
        var encoded = Encode(sentences);
        if (Options.RareTokenDropout == 0f)
            return encoded;
        var counts = encoded.SelectMany(s => s.Tokens).CountBy(t => t).ToDictionary();
        return Array.ConvertAll(encoded, s => s with
        {
            Rarity = Array.ConvertAll(s.Tokens, t => Options.RareTokenDropout / (Options.RareTokenDropout + counts[t])),
        });
    }

    internal Variable LossOf(IReadOnlyList<EncodedSentence> sentences)
    {
        RequireSome(sentences.Count);
        training.ReleaseRead();
        var (emissions, lengths) = Emissions(sentences, training);
        return Loss(emissions, lengths, sentences, LossReduction.Mean, training);
    }

    /// <summary>Computes the score of each tag at each token, shape (B, T, K), and the lengths.</summary>
    private (Variable Emissions, IndexTensor Lengths) Emissions(IReadOnlyList<EncodedSentence> sentences, BatchTensors tensors)
    {
        var batch = tensors.Hold(new PaddedBatch([.. sentences.Select(s => IsTraining ? DropTokens(s) : s.Tokens)],
            SpecialToken.Padding, Backend));
        var ofCharacters = features?.Of([.. sentences.Select(s => s.Words)], batch.Tokens.Shape[1], Backend, tensors);
        var hidden = encoder.Forward(batch.Tokens, batch.Lengths, ofCharacters);
        return (head.Forward(dropout?.Forward(hidden) ?? hidden), batch.Lengths);
    }

    private Variable Loss(Variable emissions, IndexTensor lengths, IReadOnlyList<EncodedSentence> sentences,
        LossReduction reduction, BatchTensors tensors)
    {
        const int Ignored = -100;
        var steps = emissions.Shape[1];
        var targets = new int[sentences.Count * steps];
        Array.Fill(targets, field is null ? Ignored : 0);
        for (var b = 0; b < sentences.Count; b++)
            sentences[b].Tags.CopyTo(targets, b * steps);
        var wanted = tensors.Hold(
            IndexTensor.FromSpan(targets, new Shape(sentences.Count, steps), emissions.Value.Backend));
        return field?.Loss(emissions, wanted, lengths, reduction) ?? emissions.CrossEntropy(wanted, reduction, Ignored);
    }

    private int[][] Decode(Variable emissions, IndexTensor lengths)
    {
        if (Options.OutsidePenalty > 0f)
        {
            var penalties = new float[tags.Count];
            penalties[tags[Outside]] = -Options.OutsidePenalty;
            emissions += new Variable(Tensor.FromSpan(penalties, new Shape(tags.Count), emissions.Value.Backend));
        }

        if (field is not null)
            return field.Decode(emissions, lengths);
        using var best = emissions.Value.ArgMax(-1);
        int[] found = best.ToArray(), counts = lengths.ToArray();
        var steps = emissions.Shape[1];
        return [.. counts.Select((count, b) => found[(b * steps)..((b * steps) + count)])];
    }

    private int[] Encode(IReadOnlyList<string> tokens, int place)
    {
        if (tokens.Count == 0)
        {
            throw new ArgumentException($"{Kind}: sentence {place} has no tokens; each should have at least one.",
                nameof(tokens));
        }

        try
        {
            return Vocabulary.Encode(tokens);
        }
        catch (ArgumentException unreadable)
        {
            throw new ArgumentException($"{Kind}: sentence {place} cannot be read. {unreadable.Message}", nameof(tokens),
                unreadable);
        }
    }

    private int[] DropTokens(EncodedSentence sentence)
    {
        if (Options.TokenDropout == 0f && sentence.Rarity is null)
            return sentence.Tokens;
        return [.. sentence.Tokens.Select((token, i) =>
        {
            var kept = (1.0 - Options.TokenDropout) * (1.0 - (sentence.Rarity?[i] ?? 0f));
            return random.NextDouble() < 1.0 - kept ? SpecialToken.Unknown : token;
        })];
    }

    private int Index(string tag, int sentence) => tag is not null && tags.TryGetValue(tag, out var index)
        ? index
        : throw new ArgumentException($"{Kind}: sentence {sentence} has the tag '{tag}', which is none of the model's:"
            + $" {string.Join(", ", Options.Tags.Take(30))}{(Options.Tags.Count > 30 ? ", ..." : "")}.", nameof(tag));

    private void RequireAllowed(TagConstraints constraints, int[] own, int sentence)
    {
        for (var i = 0; i < own.Length; i++)
        {
            if (i == 0 ? constraints.AllowsStart(own[0]) : constraints.Allows(own[i - 1], own[i]))
                continue;
            throw new ArgumentException($"{Kind}: token {i} of sentence {sentence} has the tag '{Options.Tags[own[i]]}' after"
                + $" {(i == 0 ? "the beginning" : $"'{Options.Tags[own[i - 1]]}'")}, which BIO does not allow. Hint: without"
                + $" {nameof(TextTaggerOptions.IsBio)} any order is allowed.", nameof(own));
        }
    }

    private void RequireSome(int count)
    {
        if (count == 0)
            throw new ArgumentException($"{Kind}: at least one sentence is needed.", nameof(count));
    }
}
