using System.CommandLine;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.SequenceToSequence.Commands;

/// <summary>Which model, and on what.</summary>
internal sealed record TrainingSettings
{
    /// <summary>lstm, gru, rnn or transformer.</summary>
    public string Model { get; init; } = "gru";

    /// <summary>none, additive, dot, general, concat or scaled.</summary>
    public string AttentionKind { get; init; } = "additive";

    /// <summary>Width of the embeddings.</summary>
    public int Embedding { get; init; } = 128;

    /// <summary>Units of each layer, or the Transformer's width.</summary>
    public int Hidden { get; init; } = 256;

    /// <summary>In the encoder, and in the decoder.</summary>
    public int Layers { get; init; } = 1;

    /// <summary>Of a Transformer.</summary>
    public int Heads { get; init; } = 4;

    /// <summary>Probability of dropout.</summary>
    public float Dropout { get; init; } = 0.1f;

    /// <summary>words, characters, or auto for what suits the data.</summary>
    public string Level { get; init; } = "auto";

    /// <summary>Words at most on either side.</summary>
    public int Vocabulary { get; init; } = 10_000;

    /// <summary>Tokens of a source or target at most.</summary>
    public int Sequence { get; init; } = 64;

    /// <summary>Share of each token's probability that training spreads over all.</summary>
    public float LabelSmoothing { get; init; }

    /// <summary>Where the page of attention goes; null for the run's folder.</summary>
    public string? Attention { get; init; }

    /// <summary>How long and how.</summary>
    public RunSettings Run { get; init; } = new();
}

/// <summary>Options for <see cref="TrainingSettings"/>.</summary>
/// <param name="defaults">What is taken where an option is left out.</param>
internal sealed class TrainingOptions(TrainingSettings defaults)
{
    private const int Most = 65_536;
    private readonly Option<string> model = OptionKinds.Choice("--model", "Kind of encoder and decoder.", defaults.Model, ModelForm.Kinds);
    private readonly Option<string> attentionKind = OptionKinds.Choice("--attention-kind", "How a recurrent decoder looks at the source.", defaults.AttentionKind, ModelForm.Attentions);
    private readonly Option<int> embedding = OptionKinds.Whole("--embedding", "Width of the embeddings of recurrent models.", defaults.Embedding, 1, Most);
    private readonly Option<int> hidden = OptionKinds.Whole("--hidden", "Units of each layer, an even number; the width of a Transformer.", defaults.Hidden, 2, Most);
    private readonly Option<int> layers = OptionKinds.Whole("--layers", "Layers of the encoder, and of the decoder.", defaults.Layers, 1, 64);
    private readonly Option<int> heads = OptionKinds.Whole("--heads", "Attention heads of a Transformer; they divide --hidden.", defaults.Heads, 1, 1024);
    private readonly Option<float> dropout = OptionKinds.Real("--dropout", "Probability of dropout.", defaults.Dropout, "from 0, below 1", p => p is >= 0 and < 1);
    private readonly Option<string> level = OptionKinds.Choice("--level", "What tokens are; auto takes what suits the data.", defaults.Level, "auto", "words", "characters");
    private readonly Option<int> vocabulary = OptionKinds.Whole("--vocabulary", "The most words that are known on either side; the frequent ones stay.", defaults.Vocabulary, 1, 1_000_000);
    private readonly Option<int> sequence = OptionKinds.Whole("--sequence", "Tokens of a source or target at most; longer pairs are left out.", defaults.Sequence, 2, Most);
    private readonly Option<float> labelSmoothing = OptionKinds.Real("--label-smoothing", "Share of each token's probability that training spreads over all.", defaults.LabelSmoothing, "from 0, below 1", p => p is >= 0 and < 1);
    private readonly Option<string?> attention = OptionKinds.Text("--attention", "HTML page of what the model looks at. [default: attention.html in the run's folder]", "FILE");
    private readonly RunOptions run = new(defaults.Run, "Pairs");

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        Option[] all = [model, attentionKind, embedding, hidden, layers, heads, dropout, level, vocabulary, sequence, labelSmoothing, attention];
        foreach (var option in all)
            command.Options.Add(option);
        run.AddTo(command);
    }

    /// <summary>The values given, or the defaults.</summary>
    /// <exception cref="UserException">They do not go together.</exception>
    public TrainingSettings Read(ParseResult result)
    {
        var settings = new TrainingSettings
        {
            Model = result.GetValue(model)!,
            AttentionKind = result.GetValue(attentionKind)!,
            Embedding = result.GetValue(embedding),
            Hidden = result.GetValue(hidden),
            Layers = result.GetValue(layers),
            Heads = result.GetValue(heads),
            Dropout = result.GetValue(dropout),
            Level = result.GetValue(level)!,
            Vocabulary = result.GetValue(vocabulary),
            Sequence = result.GetValue(sequence),
            LabelSmoothing = result.GetValue(labelSmoothing),
            Attention = result.GetValue(attention),
            Run = run.Read(result),
        };
        if (settings.Hidden % 2 != 0)
            throw new UserException($"--hidden should be even, since the encoder reads in both directions; got {settings.Hidden}.", isUsage: true);
        if (settings.Model == "transformer" && settings.Hidden % settings.Heads != 0)
            throw new UserException($"--heads should divide --hidden; got {settings.Heads} heads and a width of {settings.Hidden}.", isUsage: true);
        return settings;
    }
}
