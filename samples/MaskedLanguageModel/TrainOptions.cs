using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.MaskedLanguageModel;

/// <summary>The options of the data, the model and its training.</summary>
internal sealed record TrainOptions : TrainingOptions
{
    /// <summary>The defaults, with which a model learns the built-in stories in one to three minutes on two cores.</summary>
    public TrainOptions()
    {
        (Iterations, LearningRate, Schedule, Warmup, WeightDecay) = (5000, 2e-3f, "linear", 100, 0.01f);

        // Short runs do not see enough steps for Adam's usual 0.999.
        Beta2 = 0.98f;
    }

    /// <summary>The kind of tokens: words or characters.</summary>
    public string Level { get; init; } = "words";

    /// <summary>The largest number of known words.</summary>
    public int Vocabulary { get; init; } = 8000;

    /// <summary>Whether capitals and small letters make different words.</summary>
    public bool Cased { get; init; }

    /// <summary>Whether the characters of a word are hidden together.</summary>
    public bool WholeWords { get; init; }

    /// <summary>The fraction of the tokens to predict.</summary>
    public float MaskShare { get; init; } = 0.15f;

    /// <summary>The options of the model; the size of its vocabulary comes from the text.</summary>
    public BertOptions Bert { get; init; } =
        new() { VocabularySize = 0, ModelSize = 128, Layers = 2, HeadCount = 4, Dropout = 0f, MaximumLength = 32 };

    /// <summary>The path of the attention page; null for none.</summary>
    public string? Attention { get; init; }

    /// <summary>Whether tokens are words.</summary>
    public bool AreWords => Level == "words";

    /// <inheritdoc/>
    protected override string Examples => "Sequences";

    /// <inheritdoc/>
    protected override string Units => "words";

    /// <inheritdoc/>
    public override void AddTo(Command command)
    {
        command.StartGroup("Model");
        command.Add(OptionKinds.Choice("--level", "Hide and guess words or characters.", Level, "words", "characters"));
        command.Add(OptionKinds.Whole("--vocabulary",
            "Largest number of known words; the most frequent ones are kept.", Vocabulary, 1, 1_000_000));
        command.Add(new Option<bool>("--cased") { Description = "Distinguish capitals from small letters in words." });
        command.Add(new Option<bool>("--whole-words") { Description = "Hide all characters of a word together." });
        command.Add(OptionKinds.Real("--mask-share", "Fraction of the tokens to predict.", MaskShare,
            "above 0, at most 1", p => p is > 0 and <= 1));
        command.Add(OptionKinds.Whole("--hidden", "Width of the model.", Bert.ModelSize, 1, Most));
        command.Add(OptionKinds.Whole("--layers", "Number of Transformer layers.", Bert.Layers, 1, 64));
        command.Add(OptionKinds.Whole("--heads", "Number of attention heads, a divisor of --hidden.", Bert.HeadCount, 1, 1024));
        command.Add(Dropout(Bert.Dropout));
        command.Add(OptionKinds.Whole("--sequence",
            "Largest number of tokens in a sequence of whole lines, [CLS] and [SEP] included.", Bert.MaximumLength, 3, Most));
        command.Add(OptionKinds.AttentionPage("what each token of the first example attends to, in each layer and head"));
        base.AddTo(command);
    }

    /// <inheritdoc/>
    public override TrainOptions Read(ParseResult result)
    {
        var options = (TrainOptions)base.Read(result) with
        {
            Level = result.Given("--level", Level),
            Vocabulary = result.Given("--vocabulary", Vocabulary),
            Cased = result.Given("--cased", Cased),
            WholeWords = result.Given("--whole-words", WholeWords),
            MaskShare = result.Given("--mask-share", MaskShare),
            Bert = Bert with
            {
                ModelSize = result.Given("--hidden", Bert.ModelSize),
                Layers = result.Given("--layers", Bert.Layers),
                HeadCount = result.Given("--heads", Bert.HeadCount),
                Dropout = result.Given("--dropout", Bert.Dropout),
                MaximumLength = result.Given("--sequence", Bert.MaximumLength),
            },
            Attention = result.Given("--attention", Attention),
        };
        if (options.From is not null)
        {
            result.Refuse(
                o => $"{o} and --from were both given; the sizes and words are those of the model, so leave {o} out.",
                "--level", "--vocabulary", "--cased", "--hidden", "--layers", "--heads", "--dropout", "--sequence");
        }

        var (heads, width) = (options.Bert.HeadCount, options.Bert.ModelSize);
        return width % heads == 0 ? options : throw new UserException(
            $"--heads should divide --hidden; got {heads} heads and a width of {width}.", isUsage: true);
    }

    /// <summary>Makes the tokenizer of a text.</summary>
    public UnitTokenizer NewTokenizer(string text) =>
        AreWords ? new WordTokenizer(text, Vocabulary, isLowercase: !Cased) : new MarkedCharacterTokenizer(text);

    /// <summary>Refuses sizes that this machine's memory cannot hold.</summary>
    /// <exception cref="UserException">Training would take more memory than there is.</exception>
    public void CheckMemory(BertOptions model, int vocabulary)
    {
        var (memory, tokens) = (new MemoryEstimate(), (double)Batch * model.MaximumLength);
        memory.Weights(vocabulary + model.MaximumLength, model.ModelSize);
        memory.TransformerLayers(model.Layers, tokens, model.ModelSize, vectors: 13);
        memory.Keeps(MaskShare * tokens * vocabulary);
        memory.Check("--batch, --sequence, --hidden, --vocabulary or --layers");
    }
}

/// <summary>The options that choose the text.</summary>
internal sealed class TextOptions()
    : DataOptions("text", "A UTF-8 text file of your own.", BuiltIn, [DataSet.TinyShakespeare, DataSet.IrishAbc])
{
    private const string BuiltIn = "stories";

    /// <summary>Reads the text.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="terminal">Shows a download.</param>
    /// <param name="cancellation">Ends a download.</param>
    /// <exception cref="DataSourceException">The text is not available or not usable.</exception>
    public string Read(ParseResult result, Terminal terminal, CancellationToken cancellation)
    {
        var path = Locate(result, terminal, cancellation);
        var text = path is null ? StoryTeller.Book() : TextFile.Read(path);
        return string.IsNullOrWhiteSpace(text)
            ? throw new DataSourceException($"Text file '{path}' is empty. Give a text with some thousands of words.")
            : text;
    }
}
