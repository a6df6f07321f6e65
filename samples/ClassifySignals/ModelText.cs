using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.ClassifySignals;

/// <summary>The models that this program trains, and how it describes them.</summary>
internal static class ModelText
{
    private static readonly (string Name, string Title, SeriesEncoderKind Kind, ModelColour Colour)[] kinds =
    [
        ("gru", "GRU", SeriesEncoderKind.Gru, ModelColour.Gru),
        ("lstm", "LSTM", SeriesEncoderKind.Lstm, ModelColour.BidirectionalLstm),
        ("tcn", "TCN", SeriesEncoderKind.Convolution, ModelColour.AttentiveLstm),
    ];

    /// <summary>The names of the models on the command line.</summary>
    public static string[] Names { get; } = [.. kinds.Select(k => k.Name)];

    /// <summary>The kinds of model in files.</summary>
    public static IReadOnlyList<string> FileKinds { get; } = [SeriesClassifier.KindName];

    /// <summary>Makes a model from its file.</summary>
    public static SeriesClassifier Load(ModelFile file) => SeriesClassifier.Load(file);

    /// <summary>The kind of layers with a name.</summary>
    public static SeriesEncoderKind KindOf(string name) => Array.Find(kinds, k => k.Name == name).Kind;

    /// <summary>The name of a kind of layers on the command line.</summary>
    public static string NameOf(SeriesEncoderKind kind) => Array.Find(kinds, k => k.Kind == kind).Name;

    /// <summary>The usual name of a model, such as BiGRU or causal TCN.</summary>
    public static string Title(SeriesClassifierOptions options)
    {
        var title = Array.Find(kinds, k => k.Kind == options.Encoder).Title;
        return options.Encoder == SeriesEncoderKind.Convolution
            ? options.Bidirectional ? title : $"causal {title}"
            : options.Bidirectional ? $"Bi{title}" : title;
    }

    /// <summary>The colour of a model in charts.</summary>
    public static ModelColour ColourOf(SeriesClassifier model) =>
        Array.Find(kinds, k => k.Kind == model.Options.Encoder).Colour;

    /// <summary>A one-line description of a model.</summary>
    public static string Describe(SeriesClassifier model)
    {
        var options = model.Options;
        var size = options.Encoder == SeriesEncoderKind.Convolution
            ? $"{Show.Number(options.Layers, "block")} of {options.HiddenSize}"
            : $"{Show.Number(options.Layers, "layer")} of {options.HiddenSize}"
                + (options.Bidirectional ? " in each direction" : "");
        return $"{Title(options)}, {size}, {options.Pooling.ToString().ToLowerInvariant()} pooling,"
            + $" {Show.Number(options.Channels.Count, "channel")}, {Show.Number(options.Labels.Count, "label")}";
    }
}
