using SeqCore.Models;
using SeqCore.Samples.Common;
using SeqCore.Samples.SequenceToSequence.Data;

namespace SeqCore.Samples.SequenceToSequence.Commands;

/// <summary>Kind and sizes of a model and the tokens that it knows: what a checkpoint tells so that the model can be made again.</summary>
/// <param name="Kind">rnn, lstm, gru or transformer.</param>
/// <param name="Attention">One of <see cref="Attentions"/>; nothing to a Transformer.</param>
/// <param name="Embedding">Width of the embeddings; nothing to a Transformer.</param>
/// <param name="Hidden">Units of each layer, or the Transformer's width.</param>
/// <param name="Layers">In the encoder, and in the decoder.</param>
/// <param name="Heads">Of a Transformer, or of attention with many heads.</param>
/// <param name="Dropout">Probability of dropout in training.</param>
/// <param name="Sequence">Tokens of a source or target at most.</param>
/// <param name="Vocabularies">The tokens.</param>
internal sealed record ModelForm(string Kind, string Attention, int Embedding, int Hidden, int Layers, int Heads, float Dropout, int Sequence, Vocabularies Vocabularies)
    : IModelForm<ModelForm, EncoderDecoderModel>
{
    /// <summary>Kinds of models.</summary>
    public static string[] Kinds { get; } = ["lstm", "gru", "rnn", "transformer"];

    /// <summary>Kinds of attention.</summary>
    public static string[] Attentions { get; } = ["none", "additive", "dot", "general", "concat", "scaled", "multi-head", "grouped-query", "hard-reinforce", "hard-gumbel"];

    /// <summary>For people.</summary>
    public string Description
    {
        get
        {
            var layers = Layers == 1 ? "1 layer" : $"{Layers} layers";
            var heads = Heads == 1 ? "1 head" : $"{Heads} heads";
            var attention = IsTransformer ? heads : Attention == "none" ? "no attention" : $"{Attention} attention{(HasHeads ? $" with {heads}" : "")}";
            return $"{Name} encoder and decoder, {layers} of {Hidden}, {attention}, vocabularies {Vocabularies.Source.Count} and {Vocabularies.Target.Count}";
        }
    }

    /// <summary>Whether it is a Transformer.</summary>
    public bool IsTransformer => Kind == "transformer";

    /// <summary>Whether it has as many heads as it is told.</summary>
    public bool HasHeads => UsesHeads(Kind, Attention);

    /// <summary>How people write the kind.</summary>
    public string Name => IsTransformer ? "Transformer" : Kind.ToUpperInvariant();

    /// <summary>Whether it attends to anything.</summary>
    public bool Attends => IsTransformer || Attention != "none";

    /// <summary>words or characters.</summary>
    public string Level => Vocabularies.AreWords ? "words" : "characters";

    /// <inheritdoc/>
    public EncoderDecoderModel Create(RandomGenerator random) => IsTransformer ? NewTransformer(random) : NewRecurrent(random);

    /// <summary>Makes sure that a page of attention can be written.</summary>
    /// <param name="path">Of the page; null for none.</param>
    /// <exception cref="UserException">It cannot, or there is nothing to show.</exception>
    public void CheckAttention(string? path)
    {
        if (path is not null && !Attends)
            throw new UserException("--attention: the model has no attention to show. Train one with another --attention-kind.", isUsage: true);
        AttentionPage.RequireWritable(path);
    }

    /// <summary>Whether a model of this kind, with this attention, has as many heads as it is told.</summary>
    public static bool UsesHeads(string kind, string attention) => kind == "transformer" || attention is "multi-head" or "grouped-query";

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

    /// <inheritdoc/>
    public static ModelForm Of(SavedForm saved) => new(saved.Choice("model", Kinds), saved.Choice("attention_kind", Attentions), saved.Whole("embedding"), saved.Whole("hidden"),
        saved.Whole("layers"), saved.Whole("heads"), saved.Number("dropout"), saved.Whole("sequence"),
        Vocabularies.FromUnits(saved.Text("level") == "words", saved.Text("source_vocabulary"), saved.Text("target_vocabulary")));

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
                "additive" or "hard-reinforce" or "hard-gumbel" => AttentionScore.Additive,
                "dot" => AttentionScore.Dot,
                "general" => AttentionScore.General,
                "concat" => AttentionScore.Concat,
                "scaled" => AttentionScore.ScaledDot,
                "multi-head" or "grouped-query" => AttentionScore.MultiHead,
                _ => AttentionScore.None,
            },
            HeadCount = Heads,
            KeyHeadCount = Attention != "grouped-query" ? 0 : Heads % 2 == 0 ? Heads / 2 : 1,
            Hard = Attention switch
            {
                "hard-reinforce" => HardAttentionEstimator.ScoreFunction,
                "hard-gumbel" => HardAttentionEstimator.StraightThrough,
                _ => null,
            },
        };
        return new RecurrentEncoderDecoder(Vocabularies.Source.Count, Vocabularies.Target.Count, options, random);
    }
}
