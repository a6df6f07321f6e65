using System.Globalization;
using SeqCore.Models;
using SeqCore.Samples.Common;
using SeqCore.Samples.SequenceToSequence.Data;
using SeqCore.Tensors;

namespace SeqCore.Samples.SequenceToSequence.Commands;

/// <summary>Kind and sizes of a model and the tokens that it knows: what a checkpoint tells so that the model can be made again.</summary>
/// <param name="Kind">rnn, lstm, gru or transformer.</param>
/// <param name="Attention">none, additive, dot, general, concat or scaled; nothing to a Transformer.</param>
/// <param name="Embedding">Width of the embeddings; nothing to a Transformer.</param>
/// <param name="Hidden">Units of each layer, or the Transformer's width.</param>
/// <param name="Layers">In the encoder, and in the decoder.</param>
/// <param name="Heads">Of a Transformer.</param>
/// <param name="Dropout">Probability of dropout in training.</param>
/// <param name="Sequence">Tokens of a source or target at most.</param>
/// <param name="Vocabularies">The tokens.</param>
internal sealed record ModelForm(string Kind, string Attention, int Embedding, int Hidden, int Layers, int Heads, float Dropout, int Sequence, Vocabularies Vocabularies)
{
    /// <summary>Kinds of models.</summary>
    public static string[] Kinds { get; } = ["lstm", "gru", "rnn", "transformer"];

    /// <summary>Kinds of attention.</summary>
    public static string[] Attentions { get; } = ["none", "additive", "dot", "general", "concat", "scaled"];

    /// <summary>For people.</summary>
    public string Description
    {
        get
        {
            var layers = Layers == 1 ? "1 layer" : $"{Layers} layers";
            var attention = IsTransformer ? Heads == 1 ? "1 head" : $"{Heads} heads" : Attention == "none" ? "no attention" : $"{Attention} attention";
            return $"{Name} encoder and decoder, {layers} of {Hidden}, {attention}, vocabularies {Vocabularies.Source.Count} and {Vocabularies.Target.Count}";
        }
    }

    /// <summary>Whether it is a Transformer.</summary>
    public bool IsTransformer => Kind == "transformer";

    /// <summary>How people write the kind.</summary>
    public string Name => IsTransformer ? "Transformer" : Kind.ToUpperInvariant();

    /// <summary>words or characters.</summary>
    public string Level => Vocabularies.AreWords ? "words" : "characters";

    /// <summary>Makes a model with its first weights.</summary>
    /// <param name="random">Draws the weights and later the masks of dropout.</param>
    public EncoderDecoderModel Create(RandomGenerator random) => IsTransformer ? NewTransformer(random) : NewRecurrent(random);

    /// <summary>The form as a run's configuration.</summary>
    public Dictionary<string, string> Configuration() => new()
    {
        ["model"] = Kind,
        ["attention_kind"] = Attention,
        ["embedding"] = RunSettings.Text(Embedding),
        ["hidden"] = RunSettings.Text(Hidden),
        ["layers"] = RunSettings.Text(Layers),
        ["heads"] = RunSettings.Text(Heads),
        ["dropout"] = RunSettings.Text(Dropout),
        ["sequence"] = RunSettings.Text(Sequence),
        ["level"] = Level,
        ["source_vocabulary"] = Vocabularies.Source.Units,
        ["target_vocabulary"] = Vocabularies.Target.Units,
    };

    /// <summary>Reads the form from a checkpoint.</summary>
    /// <exception cref="CheckpointException">It is not there, so that the checkpoint is not one of this program.</exception>
    public static ModelForm Of(CheckpointData checkpoint, string path)
    {
        var configuration = checkpoint.Configuration;
        var (kind, attention) = (Get("model"), Get("attention_kind"));
        if (!Kinds.Contains(kind) || !Attentions.Contains(attention))
            throw new CheckpointException($"Checkpoint '{path}' holds a model of the kind '{kind}' with the attention '{attention}', which this program does not know. Name a checkpoint that its train command wrote.");
        return new ModelForm(kind, attention, Whole("embedding"), Whole("hidden"), Whole("layers"), Whole("heads"), (float)Number("dropout"), Whole("sequence"),
            Vocabularies.FromUnits(Get("level") == "words", Get("source_vocabulary"), Get("target_vocabulary")));

        string Get(string name) => configuration.GetValueOrDefault(name)
            ?? throw new CheckpointException($"Checkpoint '{path}' belongs to another program: its configuration has no '{name}'. Name a checkpoint that the train command wrote.");
        int Whole(string name) => (int)Number(name);
        double Number(string name) => double.TryParse(Get(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value
            : throw new CheckpointException($"Checkpoint '{path}': '{name}' should be a number but is '{Get(name)}'. Name a checkpoint that the train command wrote.");
    }

    private Transformer NewTransformer(RandomGenerator random) => new(
        new TransformerOptions
        {
            SourceVocabularySize = Vocabularies.Source.Count,
            TargetVocabularySize = Vocabularies.Target.Count,
            MaximumLength = Sequence,
            EncoderLayers = Layers,
            DecoderLayers = Layers,
            Layer = new TransformerLayerOptions { ModelSize = Hidden, HeadCount = Heads, FeedForwardSize = 4 * Hidden, NormFirst = true, Dropout = Dropout },
        },
        random);

    private RecurrentEncoderDecoder NewRecurrent(RandomGenerator random)
    {
        var options = new RecurrentEncoderDecoderOptions
        {
            Kind = Kind switch { "rnn" => RecurrentKind.Rnn, "gru" => RecurrentKind.Gru, _ => RecurrentKind.Lstm },
            EmbeddingSize = Embedding,
            HiddenSize = Hidden,
            Layers = Layers,
            Bidirectional = true,
            Dropout = Dropout,
            Attention = Attention switch
            {
                "additive" => AttentionScore.Additive,
                "dot" => AttentionScore.Dot,
                "general" => AttentionScore.General,
                "concat" => AttentionScore.Concat,
                "scaled" => AttentionScore.ScaledDot,
                _ => AttentionScore.None,
            },
        };
        return new RecurrentEncoderDecoder(Vocabularies.Source.Count, Vocabularies.Target.Count, options, random);
    }
}
