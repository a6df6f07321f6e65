using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.ClassifyText;

/// <summary>The options of the model and its training.</summary>
internal sealed record TrainOptions : TrainingOptions
{
    /// <summary>Passes over the texts where the number of steps is not given.</summary>
    private const int UsualEpochs = 10, FewestSteps = 300;

    /// <summary>The defaults, with which a model learns the built-in reviews in about half a minute on two cores.</summary>
    public TrainOptions() =>
        (Iterations, Batch, LearningRate, Schedule, Warmup) = (0, 32, 0.002f, "cosine", 20);

    /// <summary>The options that were chosen for sst2 by its texts for validation.</summary>
    public static TrainOptions ForSst2 => new()
    {
        Encoder = new TextEncoderOptions
        {
            Kind = TextEncoderKind.Embedding,
            EmbeddingSize = 50,
            EmbeddingDeviation = 0.1f,
            Dropout = 0.3f,
        },
        Ngrams = 2,
        TokenDropout = 0.2f,
        Iterations = 1112,
        Batch = 50,
        LearningRate = 0.003f,
        EvalEvery = 139,
    };

    /// <summary>The options that were chosen for trec by its texts for validation.</summary>
    public static TrainOptions ForTrec => new()
    {
        Encoder = new TextEncoderOptions
        {
            Kind = TextEncoderKind.Convolution,
            EmbeddingSize = 100,
            EmbeddingDeviation = 0.1f,
            HiddenSize = 100,
            Dropout = 0.3f,
        },
        Members = 3,
        Ngrams = 2,
        TokenDropout = 0.05f,
        LabelSmoothing = 0.1f,
        KeepsCase = true,
        Iterations = 1000,
        Batch = 50,
        LearningRate = 0.003f,
        WeightDecay = 0.3f,
        EvalEvery = 100,
    };

    /// <summary>The encoder.</summary>
    public TextEncoderOptions Encoder { get; init; } = new()
    {
        EmbeddingSize = 64,
        EmbeddingDeviation = 0.1f,
        HiddenSize = 64,
    };

    /// <summary>The number of networks that decide together.</summary>
    public int Members { get; init; } = 1;

    /// <summary>The largest number of tokens in the n-grams of the linear model beside the networks; 0 for none.</summary>
    public int Ngrams { get; init; }

    /// <summary>The pooling: last, mean, max, attention, or auto for what suits the encoder.</summary>
    public string Pooling { get; init; } = "auto";

    /// <summary>The probability of dropout before the last layer.</summary>
    public float HeadDropout { get; init; } = 0.5f;

    /// <summary>The kind of tokens: words, characters, bpe or wordpiece.</summary>
    public string Tokens { get; init; } = "words";

    /// <summary>The largest number of tokens in the vocabulary; 0 for what suits the tokens.</summary>
    public int Vocabulary { get; init; }

    /// <summary>The smallest number of times that a word is found in the texts for training, if it is known.</summary>
    public int LeastFrequency { get; init; } = 1;

    /// <summary>The path of the vocabulary of word pieces.</summary>
    public string? VocabularyFile { get; init; }

    /// <summary>Whether capitals are not converted to lower case.</summary>
    public bool KeepsCase { get; init; }

    /// <summary>The largest number of tokens that are read of a text.</summary>
    public int Sequence { get; init; } = 256;

    /// <summary>Whether texts can have any number of labels.</summary>
    public bool HasSeveralLabels { get; init; }

    /// <summary>The probability above which a text has a label, where it can have several.</summary>
    public float Threshold { get; init; } = 0.5f;

    /// <summary>Whether rare labels have as much weight in the loss as frequent ones.</summary>
    public bool IsBalanced { get; init; }

    /// <summary>The fraction of each label's probability that training spreads over all.</summary>
    public float LabelSmoothing { get; init; }

    /// <summary>The probability that training hides a token.</summary>
    public float TokenDropout { get; init; } = 0.1f;

    /// <summary>Whether the best weights have the lowest loss; else they have the highest accuracy or micro F1.</summary>
    public bool ChoosesByLoss { get; init; }

    /// <summary>
    /// Whether the texts for validation are trained on too, so that they choose nothing: the last weights are kept.
    /// </summary>
    public bool IsRefit { get; init; }

    /// <summary>The name of the model on the command line.</summary>
    public string Model => ModelText.NameOf(Encoder.Kind);

    /// <inheritdoc/>
    protected override string Examples => "Texts";

    /// <inheritdoc/>
    protected override string Units => "tokens and labels";

    /// <inheritdoc/>
    protected override string IterationsHelp =>
        $"Number of training steps. [default: {UsualEpochs} passes over the texts, at least {FewestSteps}]";

    /// <inheritdoc/>
    public override void AddTo(Command command)
    {
        command.StartGroup("Model");
        command.Add(OptionKinds.Choice("--model", "Kind of encoder; embedding does not see the order of the tokens.",
            Model, ModelText.Names));
        command.Add(OptionKinds.Choice("--pooling", "How the vectors of the tokens become one; auto takes what suits the model.",
            Pooling, "auto", "last", "mean", "max", "attention"));
        command.Add(OptionKinds.Whole("--embedding", "Width of the embeddings.", Encoder.EmbeddingSize, 1, Most));
        command.Add(OptionKinds.Real("--embedding-deviation", "Standard deviation of the initial embeddings.",
            Encoder.EmbeddingDeviation, "above 0, at most 10", d => d is > 0 and <= 10));
        command.Add(OptionKinds.Whole("--hidden",
            "Units of each recurrent layer and direction, filters of each width, or width of a Transformer.",
            Encoder.HiddenSize, 1, Most));
        command.Add(OptionKinds.Whole("--layers", "Number of layers.", Encoder.Layers, 1, 64));
        command.Add(OptionKinds.Whole("--heads", "Number of heads of a Transformer; divides --hidden.", Encoder.HeadCount, 1,
            1024));
        command.Add(FilterWidths.Option("--filters", "Widths of the filters of a CNN in tokens.", Encoder.KernelSizes));
        command.Add(Dropout(HeadDropout));
        command.Add(OptionKinds.Probability("--input-dropout", "Dropout probability after the embedding and between layers.",
            Encoder.Dropout));
        command.Add(OptionKinds.Whole("--members",
            "Number of networks that learn side by side from initial weights of their own and decide together.", Members, 1,
            100));
        command.Add(OptionKinds.Whole("--ngrams",
            "Largest number of tokens in the n-grams of a linear model that decides with the networks; 0 for none.", Ngrams, 0,
            5));
        AddTexts(command);
        base.AddTo(command);
        command.Add(OptionKinds.Choice("--choose-by",
            "What chooses the best weights on the texts for validation; with --labels several, accuracy is the micro F1.",
            ChoosesByLoss ? "loss" : "accuracy", "accuracy", "loss"));
        command.Add(OptionKinds.Flag("--refit",
            "Train on the texts for validation too, once all options are chosen, and keep the last weights.", IsRefit));
    }

    private void AddTexts(Command command)
    {
        command.StartGroup("Tokens and labels");
        command.Add(OptionKinds.Choice("--tokens", "Kind of tokens; wordpiece needs --vocabulary-file.", Tokens, "words",
            "characters", "bpe", "wordpiece"));
        command.Add(OptionKinds.Whole("--vocabulary",
            "Largest number of known words, or number of tokens to learn with bpe. [default: 30,000 words, 4,096 tokens]",
            Vocabulary, 1, 1_000_000));
        command.Add(OptionKinds.Whole("--min-frequency", "Smallest number of times that a known word is found.",
            LeastFrequency, 1, 1_000_000));
        command.Add(OptionKinds.Path("--vocabulary-file", "A vocab.txt of word pieces, as of BERT.", "FILE"));
        command.Add(new Option<bool>("--keep-case") { Description = "Do not convert words and word pieces to lower case." });
        command.Add(OptionKinds.Whole("--sequence", "Largest number of tokens that are read of a text; the rest is cut off.",
            Sequence, 1, Most));
        command.Add(OptionKinds.Choice("--labels", "Whether each text has exactly one label, or any number.", "one", "one",
            "several"));
        command.Add(OptionKinds.Real("--threshold", "Probability above which a text has a label, with --labels several.",
            Threshold, "above 0, below 1", p => p is > 0 and < 1));
        command.Add(OptionKinds.Choice("--label-weights", "Whether rare labels weigh as much in the loss as frequent ones.",
            "none", "none", "balanced"));
        command.Add(OptionKinds.Probability("--label-smoothing",
            "Label smoothing: the fraction of each label's probability that is spread over all labels.", LabelSmoothing));
        command.Add(OptionKinds.Probability("--token-dropout", "Probability that training hides a token.", TokenDropout));
    }

    /// <inheritdoc/>
    public override TrainOptions Read(ParseResult result)
    {
        if (result.IsGiven("--from"))
        {
            result.Refuse(
                o => $"{o} and --from were both given; the sizes, tokens and labels are those of the model, so leave {o} out.",
                "--model", "--pooling", "--embedding", "--embedding-deviation", "--hidden", "--layers", "--heads", "--filters",
                "--dropout", "--input-dropout", "--members", "--ngrams", "--tokens", "--vocabulary", "--min-frequency",
                "--vocabulary-file", "--keep-case", "--sequence", "--labels", "--threshold", "--label-weights",
                "--label-smoothing", "--token-dropout");
        }

        var options = (TrainOptions)base.Read(result) with
        {
            Encoder = new TextEncoderOptions
            {
                Kind = ModelText.KindOf(result.Given("--model", Model)),
                EmbeddingSize = result.Given("--embedding", Encoder.EmbeddingSize),
                EmbeddingDeviation = result.Given("--embedding-deviation", Encoder.EmbeddingDeviation),
                HiddenSize = result.Given("--hidden", Encoder.HiddenSize),
                Layers = result.Given("--layers", Encoder.Layers),
                HeadCount = result.Given("--heads", Encoder.HeadCount),
                KernelSizes = result.GivenWidths("--filters", Encoder.KernelSizes),
                Dropout = result.Given("--input-dropout", Encoder.Dropout),
            },
            Members = result.Given("--members", Members),
            Ngrams = result.Given("--ngrams", Ngrams),
            Pooling = result.Given("--pooling", Pooling),
            HeadDropout = result.Given("--dropout", HeadDropout),
            Tokens = result.Given("--tokens", Tokens),
            Vocabulary = result.Given("--vocabulary", Vocabulary),
            LeastFrequency = result.Given("--min-frequency", LeastFrequency),
            VocabularyFile = result.Given("--vocabulary-file", VocabularyFile),
            KeepsCase = result.Given("--keep-case", KeepsCase),
            Sequence = result.Given("--sequence", Sequence),
            HasSeveralLabels = result.Given("--labels", HasSeveralLabels ? "several" : "one") == "several",
            Threshold = result.Given("--threshold", Threshold),
            IsBalanced = result.Given("--label-weights", IsBalanced ? "balanced" : "none") == "balanced",
            LabelSmoothing = result.Given("--label-smoothing", LabelSmoothing),
            TokenDropout = result.Given("--token-dropout", TokenDropout),
            ChoosesByLoss = result.Given("--choose-by", ChoosesByLoss ? "loss" : "accuracy") == "loss",
            IsRefit = result.Given("--refit", IsRefit),
        };
        options.Check();
        if (options.IsRefit)
        {
            result.Refuse(o => $"{o} chooses by the texts for validation, and --refit trains on them; leave one of them out.",
                "--patience", "--eval-every", "--choose-by");
        }

        return options;
    }

    private void Check()
    {
        if (Encoder.Kind == TextEncoderKind.Transformer && Encoder.HiddenSize % Encoder.HeadCount != 0)
        {
            throw new UserException($"--heads should divide --hidden; got {Encoder.HeadCount} heads and a width of"
                + $" {Encoder.HiddenSize}.", isUsage: true);
        }

        if ((Tokens == "wordpiece") != (VocabularyFile is not null))
        {
            throw new UserException("--tokens wordpiece and --vocabulary-file go together; give both, or neither.",
                isUsage: true);
        }

        if (Tokens == "bpe" && Vocabulary is > 0 and < ClassifierTokens.LeastBytePairs)
        {
            throw new UserException($"--vocabulary should be at least {ClassifierTokens.LeastBytePairs} with --tokens bpe, which"
                + $" have all bytes; got {Vocabulary}.", isUsage: true);
        }
    }

    /// <summary>These options for a number of texts, with the number of steps if it was not given.</summary>
    public TrainOptions For(int texts) => Iterations > 0
        ? this
        : this with { Iterations = Math.Max(FewestSteps, UsualEpochs * ((texts + Batch - 1) / Batch)) };

    /// <summary>The options of the library's model.</summary>
    /// <param name="labels">The labels.</param>
    /// <param name="training">The texts whose labels are counted.</param>
    public TextClassifierOptions NewModelOptions(IReadOnlyList<string> labels, IReadOnlyList<LabelledText> training) => new()
    {
        Labels = labels,
        IsMultiLabel = HasSeveralLabels,
        Threshold = Threshold,
        Encoder = Encoder,
        Members = Members,
        NgramSize = Ngrams,
        Pooling = Pooling == "auto" ? ModelText.PoolingOf(Encoder.Kind) : Enum.Parse<TimePoolingKind>(Pooling, ignoreCase: true),
        Dropout = HeadDropout,
        TokenDropout = TokenDropout,
        LabelSmoothing = LabelSmoothing,
        LabelWeights = IsBalanced ? Balanced(labels, training) : null,
        MaximumLength = Sequence,
    };

    /// <summary>Refuses sizes that this machine's memory cannot hold.</summary>
    /// <param name="options">The options of the model.</param>
    /// <param name="vocabularySize">The number of different tokens.</param>
    /// <param name="lengths">The number of tokens of each text for training.</param>
    /// <exception cref="UserException">Training would take more memory than there is.</exception>
    public void CheckMemory(TextClassifierOptions options, int vocabularySize, IReadOnlyList<int> lengths)
    {
        // Batches need not be of the longest texts: half of all are at least this long.
        var (o, middle) = (options.Encoder, lengths.Order().ElementAt(lengths.Count / 2));
        var memory = new MemoryEstimate();
        for (var member = 0; member < options.Members; member++)
        {
            memory.Weights(vocabularySize, o.EmbeddingSize);
            memory.Keeps((double)Batch * middle * o.EmbeddingSize);
            memory.Encoder(o, Batch, middle, o.EmbeddingSize);
        }

        memory.Check("--batch, --sequence, --hidden, --embedding, --layers or --members");
    }

    /// <summary>Weights inversely proportional to the number of texts with a label, 1 on average over the texts.</summary>
    private static float[] Balanced(IReadOnlyList<string> labels, IReadOnlyList<LabelledText> training)
    {
        var counts = training.SelectMany(t => t.Labels).CountBy(l => l).ToDictionary(StringComparer.Ordinal);
        return [.. labels.Select(l => training.Count / ((float)labels.Count * Math.Max(1, counts.GetValueOrDefault(l))))];
    }
}
