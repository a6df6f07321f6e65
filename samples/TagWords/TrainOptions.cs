using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.TagWords;

/// <summary>The options of the model and its training.</summary>
internal sealed record TrainOptions : TrainingOptions
{
    /// <summary>The defaults, with which a model learns the built-in sentences in seconds.</summary>
    public TrainOptions() =>
        (Iterations, Epochs, Batch, LearningRate, Schedule, Warmup, Clip) = (0, 8, 32, 0.005f, "linear", 0, 5);

    /// <summary>The options that were chosen for ud-en-ewt by its sentences for validation.</summary>
    public static TrainOptions ForPartsOfSpeech => new()
    {
        Epochs = 12,
        LearningRate = 0.003f,
        FinalRate = 0.02,
        Beta2 = 0.99f,
        IsLowercase = true,
        Model = ForText with { Encoder = ForText.Encoder with { HiddenSize = 200 } },
    };

    /// <summary>The options that were chosen for wnut17 by its sentences for validation.</summary>
    public static TrainOptions ForEmergingNames => new()
    {
        Epochs = 16,
        Batch = 16,
        LearningRate = 0.003f,
        FinalRate = 0.02,
        EvalEvery = 106,
        Beta2 = 0.99f,
        IsLowercase = true,
        Model = ForText with
        {
            CharacterFeatures = 32,
            RareTokenDropout = 1f,
            Encoder = ForText.Encoder with { HiddenSize = 128, Dropout = 0.5f },
        },
    };

    private static TextTaggerOptions ForText { get; } = new()
    {
        Tags = [],
        HasCrf = true,
        CharacterFeatures = 64,
        CharacterKernelSizes = [2, 3, 4, 5],
        CharacterEmbeddingSize = 32,
        TokenDropout = 0f,
        RareTokenDropout = 0.5f,
        Encoder = new() { Kind = TextEncoderKind.Lstm, EmbeddingSize = 100, EmbeddingDeviation = 0.3f, Dropout = 0.33f },
    };

    /// <summary>Passes over the sentences where the number of steps is not given.</summary>
    public int Epochs { get; init; }

    /// <summary>The options of the model; the tags are those of the data.</summary>
    public TextTaggerOptions Model { get; init; } = new()
    {
        Tags = [],
        HasCrf = true,
        CharacterFeatures = 16,
        CharacterEmbeddingSize = 16,
        TokenDropout = 0.2f,
        Encoder = new() { Kind = TextEncoderKind.Lstm, EmbeddingSize = 32, HiddenSize = 48 },
    };

    /// <summary>Whether words, though not their characters, are converted to lower case.</summary>
    public bool IsLowercase { get; init; }

    /// <summary>The smallest number of times that a known word is found.</summary>
    public int MinimumFrequency { get; init; } = 1;

    /// <summary>Whether the best weights are those with the lowest loss; else those with the highest score.</summary>
    public bool ChoosesByLoss { get; init; }

    /// <summary>The tagger whose words, characters and layers training starts from; null for none.</summary>
    public string? EncoderFrom { get; init; }

    /// <summary>Whether the sentences for validation are trained on too, and the last weights are taken.</summary>
    public bool Refits { get; init; }

    /// <summary>What a run records of the options that only this program has.</summary>
    public IEnumerable<(string Name, object? Value)> Recorded =>
        [("encoder_from", Runs.NameOf(EncoderFrom)), ("refit", Refits ? true : null)];

    /// <summary>The name of the kind of model on the command line.</summary>
    public string Kind => ModelText.NameOf(Model.Encoder.Kind);

    /// <inheritdoc/>
    protected override string Examples => "Sentences";

    /// <inheritdoc/>
    protected override string Units => "words and tags";

    /// <inheritdoc/>
    protected override string IterationsHelp => "Number of training steps; 0 for as many as --epochs take.";

    /// <inheritdoc/>
    protected override int LeastIterations => 0;

    /// <inheritdoc/>
    public override void AddTo(Command command)
    {
        ArgumentNullException.ThrowIfNull(command);
        var encoder = Model.Encoder;
        command.StartGroup("Model");
        command.Add(OptionKinds.Choice("--model", "Kind of encoder; recurrent ones read in both directions.", Kind,
            ModelText.Names));
        command.Add(OptionKinds.Whole("--embedding", "Width of the embeddings of words.", encoder.EmbeddingSize, 1, Most));
        command.Add(OptionKinds.Real("--embedding-deviation",
            "Standard deviation of the initial embeddings; with a smaller one rare words have less influence.",
            encoder.EmbeddingDeviation, "above 0", d => d > 0 && float.IsFinite(d)));
        command.Add(OptionKinds.Whole("--hidden",
            "Units of each recurrent layer and direction, filters of each width, or width of a Transformer.", encoder.HiddenSize,
            1, Most));
        command.Add(OptionKinds.Whole("--layers", "Number of layers.", encoder.Layers, 1, 64));
        command.Add(OptionKinds.Whole("--heads", "Number of heads of a Transformer; divides --hidden.", encoder.HeadCount, 1,
            1024));
        command.Add(FilterWidths.Option("--filters", "Widths of the filters of a CNN in words.", encoder.KernelSizes));
        command.Add(OptionKinds.Whole("--characters",
            "Number of features of each word's characters for each width of --character-filters; 0 does not read them.",
            Model.CharacterFeatures, 0, Most));
        command.Add(FilterWidths.Option("--character-filters", "Widths of the filters in characters.",
            Model.CharacterKernelSizes));
        command.Add(OptionKinds.Whole("--character-embedding", "Width of the embeddings of characters.",
            Model.CharacterEmbeddingSize, 1, Most));
        command.Add(OptionKinds.Flag("--crf",
            "Score whole sequences of tags with a conditional random field; --crf false turns it off.", Model.HasCrf));
        command.Add(OptionKinds.Flag("--lowercase", "Convert words, though not their characters, to lower case.", IsLowercase));
        command.Add(OptionKinds.Whole("--minimum-frequency", "Smallest number of times that a known word is found.",
            MinimumFrequency, 1, 1_000_000));
        command.Add(Dropout(Model.Dropout));
        command.Add(OptionKinds.Probability("--input-dropout", "Dropout probability after the embeddings and between layers.",
            encoder.Dropout));
        command.Add(OptionKinds.Probability("--token-dropout",
            "Probability that training hides a word, though not its characters.", Model.TokenDropout));
        command.Add(OptionKinds.Real("--rare-dropout",
            "Strength A of hiding rare words in training: a word that is there N times is hidden with probability A / (A + N).",
            Model.RareTokenDropout, "of at least 0", a => a >= 0 && float.IsFinite(a)));
        command.Add(OptionKinds.Real("--outside-penalty",
            "What predictions subtract from the score of the tag O, to find more names; choose it by validation.",
            Model.OutsidePenalty, "of at least 0", a => a >= 0 && float.IsFinite(a)));
        base.AddTo(command);
        command.Add(OptionKinds.Path("--encoder-from", "A tagger's file, checkpoint or folder, such as one for parts of speech:"
            + " start from its words, characters and layers, with its sizes, and give new tags.", "MODEL"));
        command.Add(new Option<bool>("--refit")
        {
            Description = "Train on the sentences for validation too, with options that are chosen already, and take the weights"
                + " of the last step.",
        });
        command.Add(OptionKinds.Whole("--epochs", "Passes over the sentences, if --iterations is not given.", Epochs, 1,
            1_000_000));
        command.Add(OptionKinds.Choice("--choose-by",
            "What chooses the best weights on the sentences for validation; the score is the F1 of names, or the accuracy.",
            ChoosesByLoss ? "loss" : "score", "score", "loss"));
    }

    /// <inheritdoc/>
    public override TrainOptions Read(ParseResult result)
    {
        if (result.IsGiven("--from"))
        {
            result.Refuse(
                o => $"{o} and --from were both given; the sizes, words and tags are those of the model, so leave {o} out.",
                "--model", "--embedding", "--embedding-deviation", "--hidden", "--layers", "--heads", "--filters", "--characters",
                "--character-filters", "--character-embedding", "--crf", "--lowercase", "--minimum-frequency", "--dropout",
                "--input-dropout", "--token-dropout", "--rare-dropout", "--outside-penalty");
        }

        if (result.IsGiven("--encoder-from"))
        {
            RefuseBesideEncoder(result, "training starts from one model", "--from");
            RefuseBesideEncoder(result, "the sizes are those of that model", "--embedding", "--hidden", "--layers", "--heads",
                "--characters", "--character-filters", "--character-embedding");
            RefuseBesideEncoder(result, "the embeddings are those of that model", "--embedding-deviation");
            RefuseBesideEncoder(result, "words are converted to lower case if that model does it", "--lowercase");
        }

        if (result.Given("--refit", Refits))
        {
            result.Refuse(o => $"{o} and --refit were both given; with --refit nothing is chosen, so leave {o} out.",
                "--choose-by", "--patience", "--eval-every");
        }

        var encoder = Model.Encoder;
        var options = (TrainOptions)base.Read(result) with
        {
            EncoderFrom = result.Given("--encoder-from", EncoderFrom),
            Refits = result.Given("--refit", Refits),
            Epochs = result.Given("--epochs", Epochs),
            IsLowercase = result.Given("--lowercase", IsLowercase),
            MinimumFrequency = result.Given("--minimum-frequency", MinimumFrequency),
            ChoosesByLoss = result.Given("--choose-by", ChoosesByLoss ? "loss" : "score") == "loss",
            Model = Model with
            {
                HasCrf = result.Given("--crf", Model.HasCrf),
                CharacterFeatures = result.Given("--characters", Model.CharacterFeatures),
                CharacterKernelSizes = result.GivenWidths("--character-filters", Model.CharacterKernelSizes),
                CharacterEmbeddingSize = result.Given("--character-embedding", Model.CharacterEmbeddingSize),
                Dropout = result.Given("--dropout", Model.Dropout),
                TokenDropout = result.Given("--token-dropout", Model.TokenDropout),
                RareTokenDropout = result.Given("--rare-dropout", Model.RareTokenDropout),
                OutsidePenalty = result.Given("--outside-penalty", Model.OutsidePenalty),
                Encoder = encoder with
                {
                    Kind = ModelText.KindOf(result.Given("--model", Kind)),
                    EmbeddingSize = result.Given("--embedding", encoder.EmbeddingSize),
                    EmbeddingDeviation = result.Given("--embedding-deviation", encoder.EmbeddingDeviation),
                    HiddenSize = result.Given("--hidden", encoder.HiddenSize),
                    Layers = result.Given("--layers", encoder.Layers),
                    HeadCount = result.Given("--heads", encoder.HeadCount),
                    KernelSizes = result.GivenWidths("--filters", encoder.KernelSizes),
                    Dropout = result.Given("--input-dropout", encoder.Dropout),
                },
            },
        };
        var own = options.Model.Encoder;
        if (own.Kind == TextEncoderKind.Transformer && own.HiddenSize % own.HeadCount != 0)
        {
            throw new UserException($"--heads should divide --hidden; got {own.HeadCount} heads and a width of"
                + $" {own.HiddenSize}.", isUsage: true);
        }

        return options;
    }

    private static void RefuseBesideEncoder(ParseResult result, string reason, params string[] excluded) =>
        result.Refuse(o => $"{o} and --encoder-from were both given; {reason}, so leave {o} out.", excluded);

    /// <summary>
    /// These options for a number of sentences, with the number of steps if it was not given; where nothing is chosen, only the
    /// last weights are evaluated.
    /// </summary>
    public TrainOptions For(int sentences)
    {
        var iterations = Iterations > 0
            ? Iterations
            : checked((int)Math.Min(int.MaxValue, (long)Epochs * ((sentences + Batch - 1) / Batch)));
        return this with { Iterations = iterations, EvalEvery = Refits ? iterations : EvalEvery };
    }

    /// <summary>These options with the sizes of the tagger that training starts from.</summary>
    /// <param name="start">The tagger; null for none.</param>
    /// <param name="result">The command line.</param>
    /// <exception cref="UserException">The command line has a size that the tagger decides.</exception>
    public TrainOptions With(TextTagger? start, ParseResult result)
    {
        if (start is null)
            return this;
        var (own, theirs) = (Model.Encoder, start.Options.Encoder);
        if (own.Kind == theirs.Kind && own.Kind == TextEncoderKind.Convolution)
            RefuseBesideEncoder(result, "the sizes are those of that model", "--filters");
        var encoder = own.Kind == theirs.Kind
            ? theirs with { Dropout = own.Dropout, EmbeddingDeviation = own.EmbeddingDeviation }
            : own with { EmbeddingSize = theirs.EmbeddingSize };
        var hasCharacters = Model.CharacterFeatures > 0 && start.Options.CharacterFeatures > 0;
        return this with
        {
            IsLowercase = start.Vocabulary.IsLowercase,
            Model = !hasCharacters ? Model with { Encoder = encoder } : Model with
            {
                Encoder = encoder,
                CharacterFeatures = start.Options.CharacterFeatures,
                CharacterKernelSizes = start.Options.CharacterKernelSizes,
                CharacterEmbeddingSize = start.Options.CharacterEmbeddingSize,
            },
        };
    }

    /// <summary>Makes a model for sentences, and refuses sizes that this machine's memory cannot hold.</summary>
    /// <param name="data">The sentences.</param>
    /// <param name="random">Draws the initial weights and the masks of dropout.</param>
    /// <param name="start">The tagger whose words, characters and layers the model starts from; null for none.</param>
    /// <exception cref="UserException">Training would take more memory than there is.</exception>
    public TextTagger NewModel(TagData data, RandomGenerator random, TextTagger? start = null)
    {
        var words = Words(data.Training.Select(s => s.Tokens), start?.Vocabulary);
        CheckMemory(words.Count, [.. data.Training.Select(s => s.Tokens.Count)]);
        if (Model.OutsidePenalty > 0 && !data.Tags.Contains("O"))
        {
            throw new UserException("--outside-penalty is for tags of names; the data have no tag O. Leave it out.",
                isUsage: true);
        }

        var options = Model with { Tags = data.Tags, IsBio = Model.HasCrf && data.IsBio };
        var model = new TextTagger(words, options, random, options.CharacterFeatures == 0
            ? null
            : new MarkedCharacterTokenizer(string.Concat(
                data.Training.SelectMany(s => s.Tokens).Concat(start?.Characters?.Units ?? []).Distinct())));
        if (start is not null)
            model.StartFrom(start);
        return model;
    }

    /// <summary>
    /// The words of sentences that are there often enough, and all that another tagger knows: they stay known, even if the
    /// sentences do not have them.
    /// </summary>
    private TokenVocabulary Words(IEnumerable<IReadOnlyList<string>> sentences, TokenVocabulary? known)
    {
        var frequent = new TokenVocabulary(sentences, isLowercase: IsLowercase, minimumFrequency: MinimumFrequency);
        return known is null
            ? frequent
            : new TokenVocabulary(sentences.Select(s => Known(s, frequent, known)).Append(known.Units), isLowercase: IsLowercase);
    }

    private static IReadOnlyList<string> Known(IReadOnlyList<string> sentence, TokenVocabulary one, TokenVocabulary other)
    {
        var (inOne, inOther) = (one.Encode(sentence), other.Encode(sentence));
        return [.. sentence.Where((_, i) => inOne[i] != SpecialToken.Unknown || inOther[i] != SpecialToken.Unknown)];
    }

    private void CheckMemory(int words, IReadOnlyList<int> lengths)
    {
        // Batches need not be of the longest sentences: half of all are at least this long. But one batch holds the longest one.
        var (o, middle, longest) = (Model.Encoder, lengths.Order().ElementAt(lengths.Count / 2), lengths.Max());
        var input = o.EmbeddingSize + (Model.CharacterFeatures * Model.CharacterKernelSizes.Count);
        var memory = new MemoryEstimate();
        memory.Weights(words, o.EmbeddingSize);
        memory.Keeps((double)Batch * middle * input);
        memory.Allocates((double)Math.Min(Batch, lengths.Count) * longest * input);
        memory.Encoder(o, Batch, middle, input);
        memory.Check("--batch, --hidden, --embedding, --characters or --layers");
    }
}
