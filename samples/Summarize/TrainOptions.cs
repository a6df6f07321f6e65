using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.Summarize;

/// <summary>The options of the data, the model and its training.</summary>
internal sealed record TrainOptions : TrainingOptions
{
    /// <summary>The defaults, with which a model learns the built-in notes in about half a minute on two cores.</summary>
    public TrainOptions() => (Iterations, Batch, LearningRate, Schedule, Warmup) = (300, 32, 0.004f, "cosine", 20);

    /// <summary>The options that were chosen for mts-dialog by its texts for validation.</summary>
    public static TrainOptions ForMtsDialog
    {
        get
        {
            var usual = new TrainOptions();
            return usual with
            {
                Recurrent = usual.Recurrent with { EmbeddingSize = 96, HiddenSize = 160, Dropout = 0.3f },
                Vocabulary = 4000,
                Limits = new(320, 100, IsLowercase: true),
                LabelSmoothing = 0.1f,
                LengthPenalty = 1.5f,
                Iterations = 1500,
                Batch = 16,
                LearningRate = 0.002f,
                Warmup = 50,
                EvalEvery = 150,
                CheckpointEvery = 150,
            };
        }
    }

    /// <summary>The options of the model.</summary>
    public RecurrentEncoderDecoderOptions Recurrent { get; init; } = new()
    {
        SourceVocabularySize = 0,
        TargetVocabularySize = 0,
        Kind = RecurrentKind.Gru,
        EmbeddingSize = 48,
        HiddenSize = 96,
        Bidirectional = true,
        Dropout = 0.1f,
        Attention = AttentionScore.General,
        Copies = true,
    };

    /// <summary>The number of byte pairs.</summary>
    public int Vocabulary { get; init; } = 600;

    /// <summary>The number of tokens that a text and a summary may have.</summary>
    public Limits Limits { get; init; } = new(512, 128, IsLowercase: false);

    /// <summary>The fraction of each token's probability that training spreads over all.</summary>
    public float LabelSmoothing { get; init; }

    /// <summary>The length penalty of the search for summaries, which the run records for later commands.</summary>
    public float LengthPenalty { get; init; } = Summarizer.UsualPenalty;

    /// <inheritdoc/>
    protected override string Examples => "Texts";

    /// <inheritdoc/>
    protected override string Units => "tokens";

    /// <inheritdoc/>
    public override void AddTo(Command command)
    {
        command.StartGroup("Model");
        command.Add(OptionKinds.Choice("--model", "Kind of encoder and decoder.", ModelText.Name(Recurrent.Kind),
            ModelText.Names));
        command.Add(OptionKinds.Choice("--attention-kind",
            "How the decoder attends to the text; additive attention takes far more memory for long texts.",
            ModelText.Name(Recurrent.Attention), ModelText.Attentions));
        command.Add(new Option<bool>("--no-copy") { Description = "Leave out the mechanism that copies tokens of the text." });
        command.Add(OptionKinds.Whole("--embedding", "Width of the embeddings.", Recurrent.EmbeddingSize, 1, Most));
        command.Add(OptionKinds.Whole("--hidden", "Even number of units of each layer.", Recurrent.HiddenSize, 2, Most));
        command.Add(OptionKinds.Whole("--layers", "Number of layers on each side.", Recurrent.Layers, 1, 64));
        command.Add(Dropout(Recurrent.Dropout));
        command.Add(OptionKinds.Whole("--vocabulary", "Number of byte pairs, which texts and summaries share.", Vocabulary, 262,
            1_000_000));
        command.Add(new Option<bool>("--lowercase") { Description = "Read and write everything in lower case." });
        command.Add(OptionKinds.Whole("--text-length", "Largest number of tokens of a text; the rest is cut off.", Limits.Text, 1,
            Most));
        command.Add(OptionKinds.Whole("--summary-length", "Largest number of tokens of a summary; the rest is cut off.",
            Limits.Summary, 2, Most));
        command.Add(OptionKinds.Real("--label-smoothing",
            "Label smoothing: the fraction of each token's probability that is spread over all tokens.", LabelSmoothing,
            "from 0, below 1", p => p is >= 0 and < 1));
        base.AddTo(command);
    }

    /// <inheritdoc/>
    public override TrainOptions Read(ParseResult result)
    {
        if (result.IsGiven("--from"))
        {
            result.Refuse(
                o => $"{o} and --from were both given; the sizes and tokens are those of the model, so leave {o} out.",
                "--model", "--attention-kind", "--no-copy", "--embedding", "--hidden", "--layers", "--dropout", "--vocabulary");
        }

        var options = (TrainOptions)base.Read(result) with
        {
            Recurrent = Recurrent with
            {
                Kind = Enum.Parse<RecurrentKind>(result.Given("--model", ModelText.Name(Recurrent.Kind)), ignoreCase: true),
                Attention = Enum.Parse<AttentionScore>(result.Given("--attention-kind", ModelText.Name(Recurrent.Attention)),
                    ignoreCase: true),
                Copies = Recurrent.Copies && !result.Given("--no-copy", false),
                EmbeddingSize = result.Given("--embedding", Recurrent.EmbeddingSize),
                HiddenSize = result.Given("--hidden", Recurrent.HiddenSize),
                Layers = result.Given("--layers", Recurrent.Layers),
                Dropout = result.Given("--dropout", Recurrent.Dropout),
            },
            Vocabulary = result.Given("--vocabulary", Vocabulary),
            Limits = new(result.Given("--text-length", Limits.Text), result.Given("--summary-length", Limits.Summary),
                result.Given("--lowercase", Limits.IsLowercase)),
            LabelSmoothing = result.Given("--label-smoothing", LabelSmoothing),
            LengthPenalty = result.Given(Summarizer.Penalty, LengthPenalty),
        };
        return options.Recurrent.HiddenSize % 2 == 0 ? options : throw new UserException(
            $"--hidden should be even, since the encoder reads in both directions; got {options.Recurrent.HiddenSize}.",
            isUsage: true);
    }

    /// <summary>Learns the byte pairs of texts and summaries together.</summary>
    public BytePairTokenizer NewTokenizer(IReadOnlyList<Example> training, CancellationToken cancellation) =>
        BytePairTokenizer.Train(training.SelectMany(e => (string[])[e.Source, e.Summary]), Vocabulary, SpecialToken.Names,
            options: new() { AddsLeadingSpace = true, ReadsSpecialTokens = false }, cancellation: cancellation);

    /// <summary>Makes the model.</summary>
    /// <param name="tokenizer">The tokens of texts and summaries.</param>
    /// <param name="random">Draws the initial weights and the masks of dropout.</param>
    public RecurrentEncoderDecoder NewModel(Tokenizer tokenizer, RandomGenerator random) =>
        new(Recurrent with { SourceVocabularySize = tokenizer.Count, TargetVocabularySize = tokenizer.Count }, random)
        {
            SourceTokenizer = tokenizer,
            TargetTokenizer = tokenizer,
        };

    /// <summary>The number of examples in an evaluation batch.</summary>
    public int EvaluationBatch(int tokens)
    {
        // Additive attention compares every token of a summary with every token of the text in all units.
        var compared = Recurrent.Attention == AttentionScore.Additive ? (double)Limits.Text * Recurrent.HiddenSize : Limits.Text;
        return MemoryEstimate.EvaluationBatch(Batch, Limits.Summary * Math.Max(Math.Max(tokens, 6 * Recurrent.HiddenSize),
            compared));
    }

    /// <summary>Refuses sizes that this machine's memory cannot hold.</summary>
    /// <param name="tokens">The number of different tokens.</param>
    /// <param name="pairs">The examples for training.</param>
    /// <exception cref="UserException">Training would take more memory than there is.</exception>
    public void CheckMemory(int tokens, IReadOnlyList<(int[] Source, int[] Target)> pairs)
    {
        // Batches need not be of the longest texts: half of all are at least this long.
        int read = Middle(p => p.Source.Length), written = Middle(p => p.Target.Length + 1);
        var (o, memory) = (Recurrent, new MemoryEstimate());
        memory.Weights(2.0 * tokens, o.EmbeddingSize);
        memory.Weights(tokens, o.HiddenSize);
        memory.Keeps((double)Batch * written * tokens);
        memory.Keeps((double)Batch * (read + written) * o.EmbeddingSize);
        memory.Keeps((double)Batch * read * written * (o.Attention == AttentionScore.Additive ? 2 * o.HiddenSize : 2));
        memory.RecurrentLayers(o.Kind, o.Layers, Batch, read, o.EmbeddingSize, o.HiddenSize, 2);
        memory.RecurrentLayers(o.Kind, o.Layers, Batch, written, o.EmbeddingSize, o.HiddenSize);
        memory.Check("--batch, --text-length, --summary-length, --hidden, --embedding or --layers");

        int Middle(Func<(int[] Source, int[] Target), int> length) => pairs.Select(length).Order().ElementAt(pairs.Count / 2);
    }
}
