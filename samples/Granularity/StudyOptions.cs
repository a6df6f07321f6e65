using System.CommandLine;
using System.Globalization;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.Granularity;

/// <summary>What is compared and how each model is trained; all rows share everything but their units.</summary>
internal sealed record StudyOptions
{
    private const int Most = 65_536;
    private const string Gpt = "gpt";
    private static readonly string[] models = ["lstm", "gru", Gpt];

    /// <summary>The rows, each once.</summary>
    public IReadOnlyList<UnitKind> Rows { get; init; } = UnitKind.ParseAll("characters,bpe-512,bpe-2048,words-3000");

    /// <summary>The number of characters that each model reads in training; it may read the text several times.</summary>
    public int Characters { get; init; } = 600_000;

    /// <summary>The kind of model: lstm, gru or gpt.</summary>
    public string Model { get; init; } = models[0];

    /// <summary>The width of the embedding, or the channels of a gpt.</summary>
    public int Embedding { get; init; } = 128;

    /// <summary>The number of units of each recurrent layer.</summary>
    public int Hidden { get; init; } = 256;

    /// <summary>The number of recurrent layers, or of blocks of a gpt.</summary>
    public int Layers { get; init; } = 1;

    /// <summary>The number of attention heads in each block of a gpt.</summary>
    public int Heads { get; init; } = 4;

    /// <summary>The probability of dropout.</summary>
    public float Dropout { get; init; } = 0.1f;

    /// <summary>The number of streams of text that are read side by side.</summary>
    public int Batch { get; init; } = 16;

    /// <summary>
    /// The number of characters of each stream in a step; the number of tokens is that divided by their mean length.
    /// </summary>
    public int Sequence { get; init; } = 128;

    /// <summary>The largest step size of Adam.</summary>
    public float LearningRate { get; init; } = 0.004f;

    /// <summary>The seed of the first run of each row.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The number of runs of each row.</summary>
    public int Seeds { get; init; } = 1;

    /// <summary>The folder of the results and the page; null for one named after the data and the model.</summary>
    public string? Out { get; init; }

    /// <summary>Whether the model is a Transformer.</summary>
    public bool IsGpt => Model == Gpt;

    private StudyOptions Full => this with
    {
        Rows = UnitKind.ParseAll("characters,bpe-256,bpe-512,bpe-1024,bpe-2048,bpe-4096,unigram-1024,unigram-4096,words-8000"),
        Characters = 4_000_000,
    };

    private StudyOptions OfGpt => this with { Model = Gpt, Layers = 4, LearningRate = 0.002f };

    /// <summary>Adds the options to a command, with these values as the defaults.</summary>
    public void AddTo(Command command)
    {
        command.StartGroup("Comparison");
        command.Add(new Option<bool>("--full")
        {
            Description = $"Compare {Full.Rows.Count} rows, each trained on {Show.Count(Full.Characters)} characters.",
        });
        command.Add(OptionKinds.Checked("--rows", "The units to compare, separated by commas: characters, bpe-N with N tokens of"
            + " byte-level BPE (256 are the bytes alone), unigram-N with N tokens of a unigram model (256 are the bytes), words-N"
            + $" with the N most frequent words. [default: {string.Join(',', Rows.Select(r => r.Name))}]", "LIST", Rows,
            "a list of characters, bpe-N (N from 256 to 1,000,000), unigram-N (N from 257) and words-N (N from 1), each once",
            UnitKind.TryParseAll));
        command.Add(OptionKinds.Whole("--characters", "Number of characters that each model reads in training, in as many passes"
            + " over the text as that takes.", Characters, 1, int.MaxValue));
        command.Add(OptionKinds.Whole("--seeds", "Number of runs of each row, with seeds that follow one another.", Seeds, 1,
            100));
        command.Add(OptionKinds.Path("--out", "Folder of the results and the page. [default: a folder under runs, named after the"
            + " data and the model]", "DIR"));
        command.StartGroup("Model");
        command.Add(OptionKinds.Choice("--model", "Kind of model: recurrent layers or a Transformer (gpt), which has"
            + $" {OfGpt.Layers} layers and a learning rate of {OfGpt.LearningRate.ToString(CultureInfo.InvariantCulture)} by"
            + " default.", Model, models));
        command.Add(OptionKinds.Whole("--embedding", "Width of the embedding, or channels of a gpt.", Embedding, 1, Most));
        command.Add(OptionKinds.Whole("--hidden", "Number of units of each recurrent layer.", Hidden, 1, Most));
        command.Add(OptionKinds.Whole("--layers", "Number of recurrent layers, or of blocks of a gpt.", Layers, 1, 64));
        command.Add(OptionKinds.Whole("--heads", "Number of attention heads in each block of a gpt.", Heads, 1, Most));
        command.Add(OptionKinds.Real("--dropout", "Dropout probability.", Dropout, "from 0, below 1", p => p is >= 0 and < 1));
        command.StartGroup("Training");
        command.Add(OptionKinds.Whole("--batch", "Number of streams of text in a batch.", Batch, 1, Most));
        command.Add(OptionKinds.Whole("--sequence", "Characters of each stream in a batch; models of longer units read"
            + " correspondingly fewer tokens.", Sequence, 1, Most));
        command.Add(OptionKinds.Real("--learning-rate", "Largest step size of Adam, which rises and falls along a cosine.",
            LearningRate, "above 0, at most 10", r => r is > 0 and <= 10));
        command.Add(OptionKinds.Seed("--seed", "Random seed; equal seeds give equal results, except times.", Seed));
    }

    /// <summary>The options with the values on a command line.</summary>
    /// <exception cref="UserException">The kind of model lacks an option, or the sizes do not fit one another.</exception>
    public StudyOptions Read(ParseResult result)
    {
        var model = result.Given("--model", Model);
        if (model == Gpt && !IsGpt)
            return OfGpt.Read(result);
        var preset = result.Given("--full", false) ? Full : this;
        var options = preset with
        {
            Rows = result.Given("--rows", preset.Rows),
            Characters = result.Given("--characters", preset.Characters),
            Model = model,
            Embedding = result.Given("--embedding", Embedding),
            Hidden = result.Given("--hidden", Hidden),
            Layers = result.Given("--layers", Layers),
            Heads = result.Given("--heads", Heads),
            Dropout = result.Given("--dropout", Dropout),
            Batch = result.Given("--batch", Batch),
            Sequence = result.Given("--sequence", Sequence),
            LearningRate = result.Given("--learning-rate", LearningRate),
            Seed = result.Given("--seed", Seed),
            Seeds = result.Given("--seeds", Seeds),
            Out = result.Given("--out", Out),
        };
        if (options.IsGpt)
        {
            result.Refuse(o => $"{o}: a gpt has no recurrent units; --embedding sets its channels.", "--hidden");
            return options.Embedding % options.Heads == 0 ? options : throw new UserException(
                $"--heads should divide --embedding; got {options.Heads} heads and {options.Embedding} channels.", isUsage: true);
        }

        result.Refuse(o => $"{o}: {(model == "gru" ? "a" : "an")} {model} has no attention heads; leave it out, or choose"
            + " --model gpt.", "--heads");
        return options;
    }

    /// <summary>Makes a model.</summary>
    /// <param name="vocabulary">The number of different tokens.</param>
    /// <param name="context">The largest number of tokens that a gpt sees.</param>
    /// <param name="random">Draws the initial weights and the masks of dropout.</param>
    public LanguageModel NewModel(int vocabulary, int context, RandomGenerator random)
    {
        CheckMemory(vocabulary, context);
        if (IsGpt)
        {
            return new Gpt(new GptOptions
            {
                VocabularySize = vocabulary, ModelSize = Embedding, Layers = Layers, HeadCount = Heads, Dropout = Dropout,
                MaximumLength = context, TieWeights = false,
            }, random);
        }

        return new RecurrentLanguageModel(new RecurrentLanguageModelOptions
        {
            VocabularySize = vocabulary, Kind = Recurrent, EmbeddingSize = Embedding, HiddenSize = Hidden, Layers = Layers,
            Dropout = Dropout,
        }, random);
    }

    /// <summary>A one-line description of the models.</summary>
    public string ModelDescription => IsGpt
        ? $"{Model}, {Show.Number(Layers, "block")} of {Show.Number(Embedding, "channel")}, {Show.Number(Heads, "head")}"
        : $"{Model}, {Show.Number(Layers, "layer")} of {Show.Number(Hidden, "unit")}, embedding {Embedding}";

    /// <summary>The options that a row's figures depend on, beside its units, its seed, the data and the machine.</summary>
    public IEnumerable<(string Name, object? Value)> Configuration =>
    [
        ("model", Model), ("embedding", Embedding), ("hidden", IsGpt ? null : Hidden), ("layers", Layers),
        ("heads", IsGpt ? Heads : null), ("dropout", Dropout), ("characters", Characters), ("batch", Batch),
        ("sequence", Sequence), ("learning_rate", LearningRate),
    ];

    private RecurrentKind Recurrent => Enum.Parse<RecurrentKind>(Model, ignoreCase: true);

    private void CheckMemory(int vocabulary, int context)
    {
        var (memory, tokens) = (new MemoryEstimate(), (double)Batch * context);
        memory.Weights(vocabulary, Embedding);
        memory.Weights(vocabulary, IsGpt ? Embedding : Hidden);
        memory.Keeps(tokens * Embedding);
        if (IsGpt)
            memory.TransformerLayers(Layers, tokens, Embedding);
        else
            memory.RecurrentLayers(Recurrent, Layers, Batch, context, Embedding, Hidden);
        memory.Keeps(tokens * vocabulary);
        memory.Check("--batch, --sequence, --hidden, --embedding or --layers, or the vocabulary in --rows");
    }
}
