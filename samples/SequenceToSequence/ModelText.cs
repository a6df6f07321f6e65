using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.SequenceToSequence;

/// <summary>The kinds of model and attention that this program trains, and how it describes them.</summary>
internal static class ModelText
{
    /// <summary>The name of a Transformer on the command line.</summary>
    public const string Transformer = "transformer";

    /// <summary>The names of all kinds on the command line.</summary>
    public static string[] Names { get; } = ["lstm", "gru", "rnn", Transformer];

    /// <summary>The kinds of attention on the command line.</summary>
    public static string[] Attentions { get; } = ["none", "additive", "dot", "general", "concat", "scaled", "multi-head",
        "grouped-query", "hard-reinforce", "hard-gumbel"];

    /// <summary>The kinds of model in files.</summary>
    public static IReadOnlyList<string> FileKinds { get; } = [RecurrentEncoderDecoder.KindName, Models.Transformer.KindName];

    /// <summary>Makes a model from its file.</summary>
    /// <exception cref="UserException">The model was saved without its tokens.</exception>
    public static EncoderDecoderModel Load(ModelFile file) => Load(file, null);

    /// <summary>Makes a model from its file, to be trained on.</summary>
    /// <exception cref="UserException">The model was saved without its tokens.</exception>
    public static EncoderDecoderModel Load(ModelFile file, RandomGenerator? random)
    {
        var model = EncoderDecoderModel.Load(file, random);
        if (model is { SourceTokenizer: not null, TargetTokenizer: not null })
            return model;
        model.Dispose();
        throw new UserException($"'{file.Source}' was saved without its tokens. Name a model that the train command wrote.");
    }

    /// <summary>The tokens that a model knows.</summary>
    public static Vocabularies VocabulariesOf(EncoderDecoderModel model) =>
        new(model.SourceTokenizer!, model.TargetTokenizer!);

    /// <summary>The name of a model on the command line.</summary>
    public static string NameOf(EncoderDecoderModel model) =>
        model is RecurrentEncoderDecoder recurrent ? Name(recurrent.Options.Kind) : Transformer;

    /// <summary>The name of a kind of recurrent layers.</summary>
    public static string Name(RecurrentKind kind) => kind.ToString().ToLowerInvariant();

    /// <summary>The colour of a model in charts.</summary>
    public static ModelColour ColourOf(EncoderDecoderModel model) => Enum.Parse<ModelColour>(
        model is RecurrentEncoderDecoder recurrent ? recurrent.Options.Kind.ToString() : nameof(ModelColour.Transformer));

    /// <summary>The usual spelling of the kind of a model.</summary>
    public static string Title(EncoderDecoderModel model) =>
        model is Transformer ? "Transformer" : NameOf(model).ToUpperInvariant();

    /// <summary>Whether a model attends to anything.</summary>
    public static bool Attends(EncoderDecoderModel model) =>
        model is not RecurrentEncoderDecoder { Options.Attention: AttentionScore.None };

    /// <summary>A one-line description of a model.</summary>
    public static string Describe(EncoderDecoderModel model)
    {
        var (layers, width, attention) = model switch
        {
            RecurrentEncoderDecoder { Options: var o } => (o.Layers, o.HiddenSize, Describe(o)),
            Transformer { Options: var o } => (o.EncoderLayers, o.Layer.ModelSize, Show.Number(o.Layer.HeadCount, "head")),
            _ => (0, 0, model.Kind),
        };
        return $"{Title(model)} encoder and decoder, {Show.Number(layers, "layer")} of {width}, {attention},"
            + $" vocabularies {model.SourceVocabularySize} and {model.TargetVocabularySize}";
    }

    /// <summary>The kind of attention on the command line.</summary>
    public static string AttentionOf(RecurrentEncoderDecoderOptions options) => (options.Attention, options.Hard) switch
    {
        (_, HardAttentionEstimator.ScoreFunction) => "hard-reinforce",
        (_, HardAttentionEstimator.StraightThrough) => "hard-gumbel",
        (AttentionScore.Additive, _) => "additive",
        (AttentionScore.Dot, _) => "dot",
        (AttentionScore.General, _) => "general",
        (AttentionScore.Concat, _) => "concat",
        (AttentionScore.ScaledDot, _) => "scaled",
        (AttentionScore.MultiHead, _) => options.KeyHeadCount == 0 ? "multi-head" : "grouped-query",
        _ => "none",
    };

    /// <summary>The options with a kind of attention.</summary>
    public static RecurrentEncoderDecoderOptions WithAttention(RecurrentEncoderDecoderOptions options, string kind) =>
        options with
        {
            Attention = kind switch
            {
                "additive" or "hard-reinforce" or "hard-gumbel" => AttentionScore.Additive,
                "dot" => AttentionScore.Dot,
                "general" => AttentionScore.General,
                "concat" => AttentionScore.Concat,
                "scaled" => AttentionScore.ScaledDot,
                "multi-head" or "grouped-query" => AttentionScore.MultiHead,
                _ => AttentionScore.None,
            },
            KeyHeadCount = kind != "grouped-query" ? 0 : options.HeadCount % 2 == 0 ? options.HeadCount / 2 : 1,
            Hard = kind switch
            {
                "hard-reinforce" => HardAttentionEstimator.ScoreFunction,
                "hard-gumbel" => HardAttentionEstimator.StraightThrough,
                _ => null,
            },
        };

    /// <summary>Makes sure that an attention page can be written.</summary>
    /// <param name="attends">Whether the model attends to anything.</param>
    /// <param name="path">The path of the page; null for none.</param>
    /// <exception cref="UserException">The page cannot be written, or there is nothing to show.</exception>
    public static void CheckAttention(bool attends, string? path)
    {
        if (path is not null && !attends)
        {
            throw new UserException("--attention: the model has no attention to show. Train one with another --attention-kind.",
                isUsage: true);
        }

        OptionKinds.RequireWritable(path);
    }

    private static string Describe(RecurrentEncoderDecoderOptions options) => AttentionOf(options) switch
    {
        "none" => "no attention",
        var kind => $"{kind} attention"
            + (options.Attention == AttentionScore.MultiHead ? $" with {Show.Number(options.HeadCount, "head")}" : ""),
    };
}
