using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.ClassifyText;

/// <summary>The models that this program trains, and how it describes them.</summary>
internal static class ModelText
{
    private static readonly EncoderText[] kinds =
    [
        new("gru", "GRU", TextEncoderKind.Gru, TimePoolingKind.Attention, ModelColour.Gru),
        new("lstm", "LSTM", TextEncoderKind.Lstm, TimePoolingKind.Attention, ModelColour.Lstm),
        new("cnn", "CNN", TextEncoderKind.Convolution, TimePoolingKind.Max, ModelColour.AttentiveLstm),
        new("transformer", "Transformer", TextEncoderKind.Transformer, TimePoolingKind.Mean, ModelColour.Encoder),
        new("embedding", "Bag of words", TextEncoderKind.Embedding, TimePoolingKind.Mean, ModelColour.Rnn),
    ];

    /// <summary>The names of the models on the command line.</summary>
    public static string[] Names { get; } = [.. kinds.Select(k => k.Name)];

    /// <summary>The kinds of model in files.</summary>
    public static IReadOnlyList<string> FileKinds { get; } = [TextClassifier.KindName];

    /// <summary>Makes a model from its file.</summary>
    public static TextClassifier Load(ModelFile file) => TextClassifier.Load(file);

    /// <summary>The kind of encoder with a name.</summary>
    public static TextEncoderKind KindOf(string name) => kinds.Single(k => k.Name == name).Kind;

    /// <summary>The pooling that suits a kind of encoder.</summary>
    public static TimePoolingKind PoolingOf(TextEncoderKind kind) => Of(kind).Pooling;

    /// <summary>The name of a kind of encoder on the command line.</summary>
    public static string NameOf(TextEncoderKind kind) => Of(kind).Name;

    /// <summary>The usual spelling of the kind of a model.</summary>
    public static string Title(TextClassifier model) => Of(model.Options.Encoder.Kind).Title;

    /// <summary>The colour of a model in charts.</summary>
    public static ModelColour ColourOf(TextClassifier model) => Of(model.Options.Encoder.Kind).Colour;

    /// <summary>A one-line description of a model.</summary>
    public static string Describe(TextClassifier model)
    {
        var o = model.Options.Encoder;
        var size = o.Kind switch
        {
            TextEncoderKind.Embedding => $"{o.EmbeddingSize} wide",
            TextEncoderKind.Convolution => $"{o.HiddenSize} filters of {string.Join(", ", o.KernelSizes)}",
            TextEncoderKind.Transformer =>
                $"{Show.Number(o.Layers, "layer")} of {o.HiddenSize}, {Show.Number(o.HeadCount, "head")}",
            _ => $"{Show.Number(o.Layers, "layer")} of {o.HiddenSize}{(o.Bidirectional ? " in both directions" : "")}",
        };
        var members = model.Options.Members > 1 ? $" × {model.Options.Members} members" : "";
        var ngrams = model.Options.NgramSize > 0 ? $" with a linear model of n-grams of up to {model.Options.NgramSize}," : "";
        return $"{Title(model)}{members}, {size},{ngrams} {model.Options.Pooling.ToString().ToLowerInvariant()} pooling,"
            + $" {Show.Count(model.Tokenizer.Count)} {TokensOf(model.Tokenizer)},"
            + $" {Show.Number(model.Options.Labels.Count, "label")}";
    }

    /// <summary>The name of the tokens of a tokenizer.</summary>
    public static string TokensOf(Tokenizer tokenizer) => tokenizer switch
    {
        WordTokenizer => "words",
        MarkedCharacterTokenizer or CharacterTokenizer => "characters",
        _ => "tokens",
    };

    private static EncoderText Of(TextEncoderKind kind) => kinds.Single(k => k.Kind == kind);

    /// <summary>The names, the usual pooling and the colour of a kind of encoder.</summary>
    private sealed record EncoderText(string Name, string Title, TextEncoderKind Kind, TimePoolingKind Pooling,
        ModelColour Colour);
}
