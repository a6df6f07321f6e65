using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.SequenceToSequence;

/// <summary>The options of the data, the model and its training.</summary>
internal sealed record TrainOptions : TrainingOptions
{
    /// <summary>The defaults, with which a model learns the built-in dates in about half a minute on two cores.</summary>
    public TrainOptions() =>
        (Iterations, Batch, LearningRate, Schedule, Warmup) = (600, 64, 0.005f, "cosine", 20);

    /// <summary>The options of a recurrent model, which is trained unless those of a Transformer are set.</summary>
    public RecurrentEncoderDecoderOptions Recurrent { get; init; } = new()
    {
        SourceVocabularySize = 0,
        TargetVocabularySize = 0,
        Kind = RecurrentKind.Gru,
        EmbeddingSize = 32,
        HiddenSize = 96,
        Bidirectional = true,
        Dropout = 0.1f,
        Attention = AttentionScore.Additive,
    };

    /// <summary>The options of a Transformer; null for a recurrent model.</summary>
    public TransformerOptions? Transformer { get; init; }

    /// <summary>The kind of tokens: words, characters, bpe, or auto for what suits the data.</summary>
    public string Level { get; init; } = "auto";

    /// <summary>The largest number of words on either side, or the number of merges of byte pairs.</summary>
    public int Vocabulary { get; init; } = 10_000;

    /// <summary>The width of the feed-forward part of a Transformer; 0 for four times its width.</summary>
    public int FeedForward { get; init; }

    /// <summary>Whether sources and targets have separate vocabularies of byte pairs.</summary>
    public bool SeparateVocabularies { get; init; }

    /// <summary>The number of last checkpoints whose weights are averaged; 0 for none.</summary>
    public int Average { get; init; }

    /// <summary>The largest number of tokens of a source or target.</summary>
    public int Sequence { get; init; } = 64;

    /// <summary>The fraction of each token's probability that training spreads over all.</summary>
    public float LabelSmoothing { get; init; }

    /// <summary>The path of the attention page; null for the run's folder.</summary>
    public string? Attention { get; init; }

    /// <summary>The name of the model on the command line.</summary>
    public string Model => Transformer is not null ? ModelText.Transformer : ModelText.Name(Recurrent.Kind);

    /// <inheritdoc/>
    protected override string Examples => "Pairs";

    /// <inheritdoc/>
    protected override string Units => "tokens";

    /// <inheritdoc/>
    public override void AddTo(Command command)
    {
        command.StartGroup("Model");
        command.Add(OptionKinds.Choice("--model", "Kind of encoder and decoder.", Model, ModelText.Names));
        command.Add(OptionKinds.Choice("--attention-kind",
            "How a recurrent decoder attends to the source; grouped-query has two query heads per key head, and hard ones draw"
                + " one position by additive scores.", ModelText.AttentionOf(Recurrent), ModelText.Attentions));
        command.Add(OptionKinds.Whole("--embedding", "Width of the embeddings of recurrent models.", Recurrent.EmbeddingSize, 1,
            Most));
        command.Add(OptionKinds.Whole("--hidden", "Even number of units of each layer, or width of a Transformer.",
            Recurrent.HiddenSize, 2, Most));
        command.Add(OptionKinds.Whole("--layers", "Number of layers on each side.", Recurrent.Layers, 1, 64));
        command.Add(OptionKinds.Whole("--feed-forward",
            "Width of the feed-forward part of a Transformer; 0 takes four times --hidden.", 0, 0, Most));
        command.Add(OptionKinds.Whole("--heads",
            "Number of heads of a Transformer, or of multi-head or grouped-query attention; divides --hidden.",
            Recurrent.HeadCount, 1, 1024));
        command.Add(Dropout(Recurrent.Dropout));
        command.Add(OptionKinds.Choice("--level", "Kind of tokens; auto takes words for a file whose sources"
            + $" and targets have {Levels.WordsOfSentences} words or more on average, characters for another file and the dates,"
            + " and what suits a named set.", Level, "auto",
            Levels.Words, Levels.Characters, Levels.BytePairs));
        command.Add(OptionKinds.Whole("--vocabulary",
            "Largest number of known words on either side, of which the most frequent are kept, or of merges of byte pairs.",
            Vocabulary, 1, 1_000_000));
        command.Add(new Option<bool>("--separate-vocabularies")
        {
            Description = "Give sources and targets their own byte pairs instead of common ones.",
        });
        command.Add(OptionKinds.Whole("--sequence",
            "Largest number of tokens of a source or target; longer pairs are left out.", Sequence, 2, Most));
        command.Add(OptionKinds.Real("--label-smoothing",
            "Label smoothing: the fraction of each token's probability that is spread over all tokens.",
            LabelSmoothing, "from 0, below 1", p => p is >= 0 and < 1));
        command.Add(OptionKinds.Whole("--average", "Average the weights of this many last checkpoints; 0 for none.", Average, 0,
            1000));
        command.Add(OptionKinds.AttentionPage("the attention of the model", "attention.html in the run's folder"));
        base.AddTo(command);
    }

    /// <inheritdoc/>
    public override TrainOptions Read(ParseResult result)
    {
        var isTransformer = result.Given("--model", Model) == ModelText.Transformer;
        if (isTransformer && result.Given("--attention-kind", "none") != "none")
        {
            throw new UserException("--attention-kind: a transformer attends with its heads;"
                + " leave it out, or choose a recurrent --model.", isUsage: true);
        }

        if (result.IsGiven("--from"))
        {
            result.Refuse(
                o => $"{o} and --from were both given; the sizes and tokens are those of the model, so leave {o} out.",
                "--model", "--attention-kind", "--embedding", "--hidden", "--layers", "--feed-forward", "--heads", "--dropout",
                "--level", "--vocabulary", "--separate-vocabularies");
        }

        var recurrent = Recurrent with
        {
            Kind = isTransformer ? Recurrent.Kind : Enum.Parse<RecurrentKind>(result.Given("--model", Model), ignoreCase: true),
            EmbeddingSize = result.Given("--embedding", Recurrent.EmbeddingSize),
            HiddenSize = result.Given("--hidden", Recurrent.HiddenSize),
            Layers = result.Given("--layers", Recurrent.Layers),
            HeadCount = result.Given("--heads", Recurrent.HeadCount),
            Dropout = result.Given("--dropout", Recurrent.Dropout),
        };
        var (width, heads) = (recurrent.HiddenSize, recurrent.HeadCount);
        var options = (TrainOptions)base.Read(result) with
        {
            Recurrent = ModelText.WithAttention(recurrent, result.Given("--attention-kind", ModelText.AttentionOf(Recurrent))),
            Transformer = !isTransformer ? null : new TransformerOptions
            {
                SourceVocabularySize = 0,
                TargetVocabularySize = 0,
                EncoderLayers = recurrent.Layers,
                DecoderLayers = recurrent.Layers,
                Layer = new()
                {
                    ModelSize = width,
                    HeadCount = heads,
                    FeedForwardSize = result.Given("--feed-forward", FeedForward) is > 0 and var wide ? wide : 4 * width,
                    NormFirst = true,
                    Dropout = recurrent.Dropout,
                },
            },
            Level = result.Given("--level", Level),
            Vocabulary = result.Given("--vocabulary", Vocabulary),
            SeparateVocabularies = result.Given("--separate-vocabularies", SeparateVocabularies),
            Average = result.Given("--average", Average),
            Sequence = result.Given("--sequence", Sequence),
            LabelSmoothing = result.Given("--label-smoothing", LabelSmoothing),
            Attention = result.Given("--attention", Attention),
        };
        if (width % 2 != 0)
        {
            throw new UserException($"--hidden should be even, since the encoder reads in both directions; got {width}.",
                isUsage: true);
        }

        if ((isTransformer || options.Recurrent.Attention == AttentionScore.MultiHead) && width % heads != 0)
        {
            throw new UserException($"--heads should divide --hidden; got {heads} heads and a width of {width}.",
                isUsage: true);
        }

        return options;
    }

    /// <summary>These options with the sizes of a model that training starts from.</summary>
    public TrainOptions For(EncoderDecoderModel? start) => start switch
    {
        Transformer { Options: var o } => this with { Transformer = o },
        RecurrentEncoderDecoder { Options: var o } => this with { Recurrent = o, Transformer = null },
        _ => this,
    };

    /// <summary>Makes the model.</summary>
    /// <param name="vocabularies">The vocabularies of the pairs.</param>
    /// <param name="random">Draws the initial weights and the masks of dropout.</param>
    public EncoderDecoderModel NewModel(Vocabularies vocabularies, RandomGenerator random)
    {
        var (sources, targets) = (vocabularies.Source.Count, vocabularies.Target.Count);
        EncoderDecoderModel model = Transformer is not null
            ? new Transformer(Transformer with
            {
                SourceVocabularySize = sources,
                TargetVocabularySize = targets,
                MaximumLength = Sequence,
                ShareEmbeddings = ReferenceEquals(vocabularies.Source, vocabularies.Target),
            }, random)
            : new RecurrentEncoderDecoder(
                Recurrent with { SourceVocabularySize = sources, TargetVocabularySize = targets }, random);
        (model.SourceTokenizer, model.TargetTokenizer) = (vocabularies.Source, vocabularies.Target);
        return model;
    }

    /// <summary>The number of pairs in an evaluation batch.</summary>
    /// <param name="targets">The number of different tokens of the targets.</param>
    public int EvaluationBatch(int targets) => MemoryEstimate.EvaluationBatch(Batch,
        (double)Sequence * Math.Max(targets, 6 * (Transformer?.Layer.ModelSize ?? Recurrent.HiddenSize)));

    /// <summary>Refuses sizes that this machine's memory cannot hold.</summary>
    /// <param name="vocabularies">The vocabularies of the pairs.</param>
    /// <param name="pairs">The pairs for training.</param>
    /// <exception cref="UserException">Training would take more memory than there is.</exception>
    public void CheckMemory(Vocabularies vocabularies, IReadOnlyList<(int[] Source, int[] Target)> pairs)
    {
        if (pairs.Count == 0)
            throw new UserException($"No pair has at most {Sequence} tokens on either side. Make --sequence larger.");

        // Batches need not be of the longest pairs: half of all pairs are at least this long.
        int read = Middle(p => p.Source.Length), written = Middle(p => p.Target.Length + 1);

        // But one batch holds the longest pair, and all its pairs are padded to that length.
        var (longest, together) = (pairs.Max(p => Math.Max(p.Source.Length, p.Target.Length + 1)), Math.Min(Batch, pairs.Count));
        int sources = vocabularies.Source.Count, targets = vocabularies.Target.Count;
        var memory = new MemoryEstimate();
        memory.Allocates((double)together * longest * targets);
        memory.Keeps((double)Batch * written * targets);
        if (Transformer is not null)
        {
            var (width, inner, layers) = (Transformer.Layer.ModelSize, Transformer.Layer.FeedForwardSize,
                Transformer.EncoderLayers);
            memory.Weights(ReferenceEquals(vocabularies.Source, vocabularies.Target) ? sources : sources + targets, width);

            // Two matrices and two vectors of a token belong to the feed-forward part.
            var (squares, vectors) = (2 * inner / width, 2 * inner / width);
            memory.TransformerLayers(layers, (double)Batch * read, width, 4 + squares, 7 + vectors);
            memory.TransformerLayers(layers, (double)Batch * written, width, 8 + squares, 12 + vectors);
            memory.Allocates((double)together * longest * inner);
        }
        else
        {
            var (o, width) = (Recurrent, Recurrent.HiddenSize);
            memory.Weights(sources + targets, o.EmbeddingSize);
            memory.Weights(targets, width);
            memory.Keeps((double)Batch * (read + written) * o.EmbeddingSize);
            memory.RecurrentLayers(o.Kind, o.Layers, Batch, read, o.EmbeddingSize, width, o.Bidirectional ? 2 : 1);
            memory.RecurrentLayers(o.Kind, o.Layers, Batch, written, o.EmbeddingSize, width);
            if (o.Attention is AttentionScore.Additive or AttentionScore.Concat)
                memory.Keeps((double)Batch * read * written * width);
            memory.Allocates(MemoryEstimate.Workspace(o.Kind, together, longest, o.EmbeddingSize, width));
        }

        memory.Check("--batch, --sequence, --hidden, --embedding or --layers");

        int Middle(Func<(int[] Source, int[] Target), int> length) => pairs.Select(length).Order().ElementAt(pairs.Count / 2);
    }
}
