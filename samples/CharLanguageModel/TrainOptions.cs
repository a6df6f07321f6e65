using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.CharLanguageModel.Tunes;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.CharLanguageModel;

/// <summary>The options of the model and its training. The size of the vocabulary comes from the text.</summary>
internal sealed record TrainOptions : TrainingOptions
{
    /// <summary>The defaults, with which a model learns the built-in tunes in one to three minutes on two cores.</summary>
    public TrainOptions() => (Iterations, LearningRate, Schedule, Warmup) = (1300, 0.006f, "cosine", 20);

    /// <summary>
    /// The defaults of a gpt: the settings that nanoGPT proposes for a processor, four blocks of 128 channels trained for 2,000
    /// steps.
    /// </summary>
    private static TrainOptions ForGpt { get; } = new()
    {
        Gpt = new() { VocabularySize = 0, Layers = 4, HeadCount = 4, ModelSize = 128 },
        Sequence = 64,
        Windows = "random",
        Iterations = 2000,
        Batch = 12,
        LearningRate = 0.001f,
        Schedule = "cosine",
        Warmup = 100,
        WeightDecay = 0.1f,
        Beta2 = 0.99f,
    };

    /// <summary>The options of a recurrent model, which is trained unless those of a gpt are set.</summary>
    public RecurrentLanguageModelOptions Recurrent { get; init; } =
        new() { VocabularySize = 0, EmbeddingSize = 64, HiddenSize = 256, Dropout = 0.3f };

    /// <summary>The options of a gpt, whose context is a window; null for a recurrent model.</summary>
    public GptOptions? Gpt { get; init; }

    /// <summary>The characters in a window.</summary>
    public int Sequence { get; init; } = 128;

    /// <summary>The kind of windows: random or stream.</summary>
    public string Windows { get; init; } = "stream";

    /// <summary>Steps between records of every layer's gradient and update; 0 for none.</summary>
    public int LogLayers { get; init; }

    /// <summary>The name of the model on the command line.</summary>
    public string Model => Gpt is not null ? ModelText.Gpt : ModelText.Name(Recurrent.Kind);

    /// <inheritdoc/>
    protected override string Examples => "Windows";

    /// <inheritdoc/>
    protected override string Units => "characters";

    /// <inheritdoc/>
    public override void AddTo(Command command)
    {
        var (d, g) = (ForGpt, ForGpt.Gpt!);
        command.StartGroup("Model");
        var gptDefaults = FormattableString.Invariant($"{g.Layers} layers, {g.HeadCount} heads, {g.ModelSize} channels, ")
            + FormattableString.Invariant($"{d.Iterations} iterations of {d.Batch} x {d.Sequence} characters, ")
            + FormattableString.Invariant($"learning rate {d.LearningRate} ({d.Schedule}, warm-up {d.Warmup}), ")
            + FormattableString.Invariant($"weight decay {d.WeightDecay}, beta2 {d.Beta2}.");
        command.Add(OptionKinds.Choice("--model",
            "Kind of model: recurrent layers, or a Transformer (gpt), whose defaults are nanoGPT's for a processor: "
                + gptDefaults, Model, ModelText.Names));
        command.Add(OptionKinds.Whole("--embedding", "Width of the embedding, or channels of a gpt.",
            Recurrent.EmbeddingSize, 1, Most));
        command.Add(OptionKinds.Whole("--hidden", "Number of units of each recurrent layer.", Recurrent.HiddenSize, 1, Most));
        command.Add(OptionKinds.Whole("--layers", "Number of recurrent layers, or of blocks of a gpt.", Recurrent.Layers, 1, 64));
        command.Add(OptionKinds.Whole("--heads", "Number of attention heads in each block of a gpt.", g.HeadCount, 1, Most));
        command.Add(Dropout(Recurrent.Dropout));
        command.Add(OptionKinds.Whole("--sequence", "Number of characters in a window; it is the context of a gpt.", Sequence, 1,
            Most));
        command.Add(OptionKinds.Choice("--windows",
            "Train on windows from anywhere in the text, or on streams that carry the state over.", Windows,
            "random", "stream"));
        command.Add(OptionKinds.Whole("--log-layers",
            "Steps between records of each layer's gradient norm and update-to-weight ratio in metrics.jsonl; 0 for none.",
            LogLayers, 0, 1_000_000_000));
        base.AddTo(command);
    }

    /// <summary>The options with the values on a command line, or else the defaults of the kind of model.</summary>
    /// <exception cref="UserException">The kind lacks an option, or the sizes do not fit one another.</exception>
    public override TrainOptions Read(ParseResult result)
    {
        var kind = result.Given("--model", Model);
        if (kind == ModelText.Gpt && Gpt is null)
            return ForGpt.Read(result);
        var options = (TrainOptions)base.Read(result) with
        {
            Recurrent = Recurrent with
            {
                Kind = Gpt is null ? Enum.Parse<RecurrentKind>(kind, ignoreCase: true) : default,
                EmbeddingSize = result.Given("--embedding", Recurrent.EmbeddingSize),
                HiddenSize = result.Given("--hidden", Recurrent.HiddenSize),
                Layers = result.Given("--layers", Recurrent.Layers),
                Dropout = result.Given("--dropout", Recurrent.Dropout),
            },
            Gpt = Gpt is null ? null : Gpt with
            {
                ModelSize = result.Given("--embedding", Gpt.ModelSize),
                Layers = result.Given("--layers", Gpt.Layers),
                HeadCount = result.Given("--heads", Gpt.HeadCount),
                Dropout = result.Given("--dropout", Gpt.Dropout),
            },
            Sequence = result.Given("--sequence", Sequence),
            Windows = result.Given("--windows", Windows),
            LogLayers = result.Given("--log-layers", LogLayers),
        };
        if (options.From is not null)
        {
            result.Refuse(o => $"{o} and --from were both given; the sizes are those of the model, so leave {o} out.", "--model",
                "--embedding", "--hidden", "--layers", "--heads", "--dropout");
        }

        if (options.Gpt is null)
        {
            result.Refuse(o => $"{o}: {(kind == "gru" ? "a" : "an")} {kind} has no attention heads; leave it out, or choose"
                + " --model gpt.", "--heads");
            return options;
        }

        result.Refuse(o => $"{o}: a gpt has no recurrent units; --embedding sets its channels.", "--hidden");
        if (options.Windows == "stream")
        {
            throw new UserException("--windows stream: a gpt has no state to carry from one window to the next; leave it out.",
                isUsage: true);
        }

        var (heads, channels) = (options.Gpt.HeadCount, options.Gpt.ModelSize);
        return channels % heads == 0 ? options : throw new UserException(
            $"--heads should divide --embedding; got {heads} heads and {channels} channels.", isUsage: true);
    }

    /// <summary>These options with the sizes of a model that training starts from.</summary>
    public TrainOptions For(LanguageModel? start) => start switch
    {
        Gpt { Options: var o } => this with { Gpt = o },
        RecurrentLanguageModel { Options: var o } => this with { Recurrent = o, Gpt = null },
        _ => this,
    };

    /// <summary>Makes the model.</summary>
    /// <param name="tokenizer">The tokenizer of the text.</param>
    /// <param name="random">Draws the initial weights and the masks of dropout.</param>
    public LanguageModel NewModel(Tokenizer tokenizer, RandomGenerator random) => Gpt is not null
        ? new Gpt(Gpt with { VocabularySize = tokenizer.Count, MaximumLength = Sequence }, random) { Tokenizer = tokenizer }
        : new RecurrentLanguageModel(Recurrent with { VocabularySize = tokenizer.Count }, random) { Tokenizer = tokenizer };

    /// <summary>The number of windows in an evaluation batch.</summary>
    /// <param name="vocabulary">The number of different characters.</param>
    public int EvaluationBatch(int vocabulary) => MemoryEstimate.EvaluationBatch(Batch,
        (double)Sequence * Math.Max(Gpt is not null ? 4 * Gpt.ModelSize : 6 * Recurrent.HiddenSize, vocabulary));

    /// <summary>Refuses sizes that this machine's memory cannot hold.</summary>
    /// <exception cref="UserException">Training would take more memory than there is.</exception>
    public void CheckMemory(int vocabulary)
    {
        var (memory, tokens) = (new MemoryEstimate(), (double)Batch * Sequence);
        if (Gpt is not null)
        {
            memory.Weights(vocabulary + Sequence, Gpt.ModelSize);
            memory.Keeps(tokens * Gpt.ModelSize);
            memory.TransformerLayers(Gpt.Layers, tokens, Gpt.ModelSize);
        }
        else
        {
            memory.Weights(vocabulary, Recurrent.EmbeddingSize);
            memory.Weights(vocabulary, Recurrent.HiddenSize);
            memory.Keeps(tokens * Recurrent.EmbeddingSize);
            memory.RecurrentLayers(Recurrent.Kind, Recurrent.Layers, Batch, Sequence, Recurrent.EmbeddingSize,
                Recurrent.HiddenSize);
        }

        memory.Keeps(tokens * vocabulary);
        memory.Check("--batch, --sequence, --hidden, --embedding or --layers");
    }
}

/// <summary>The options that choose the text.</summary>
internal sealed class TextOptions()
    : DataOptions("text", "A UTF-8 text file of your own.", BuiltIn, [DataSet.TinyShakespeare, DataSet.IrishAbc])
{
    private const string BuiltIn = "tunes";

    /// <summary>Reads the text.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="tokenizer">The tokenizer of a trained model; null for the characters of the text.</param>
    /// <param name="terminal">Shows a download.</param>
    /// <param name="cancellation">Ends a download.</param>
    /// <exception cref="DataSourceException">The text is not available or not usable.</exception>
    public TextCorpus Load(ParseResult result, Tokenizer? tokenizer, Terminal terminal, CancellationToken cancellation) =>
        Locate(result, terminal, cancellation) is { } path
            ? TextCorpus.Load(path, tokenizer)
            : new TextCorpus(TuneComposer.Book(), $"The data set {BuiltIn}", tokenizer);
}
