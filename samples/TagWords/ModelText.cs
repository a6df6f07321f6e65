using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.TagWords;

/// <summary>The models that this program trains, and how it describes them.</summary>
internal static class ModelText
{
    private static readonly (string Name, string Title, TextEncoderKind Kind, ModelColour Colour)[] kinds =
    [
        ("lstm", "BiLSTM", TextEncoderKind.Lstm, ModelColour.BidirectionalLstm),
        ("gru", "BiGRU", TextEncoderKind.Gru, ModelColour.Gru),
        ("cnn", "CNN", TextEncoderKind.Convolution, ModelColour.AttentiveLstm),
        ("transformer", "Transformer", TextEncoderKind.Transformer, ModelColour.Encoder),
    ];

    /// <summary>The names of the models on the command line.</summary>
    public static string[] Names { get; } = [.. kinds.Select(k => k.Name)];

    /// <summary>The kinds of model in files.</summary>
    public static IReadOnlyList<string> FileKinds { get; } = [TextTagger.KindName];

    /// <summary>Makes a model from its file.</summary>
    public static TextTagger Load(ModelFile file) => TextTagger.Load(file);

    /// <summary>Opens the tagger whose words, characters and layers training starts from.</summary>
    /// <param name="path">Its file, checkpoint or folder; null for none.</param>
    /// <param name="terminal">Shows checkpoints that are skipped because they are damaged.</param>
    public static TextTagger? Open(string? path, Terminal terminal)
    {
        if (path is null)
            return null;
        using var file = Runs.Open(path, FileKinds, terminal);
        return Load(file);
    }

    /// <summary>The kind of encoder with a name.</summary>
    public static TextEncoderKind KindOf(string name) => Array.Find(kinds, k => k.Name == name).Kind;

    /// <summary>The name of a kind of encoder on the command line.</summary>
    public static string NameOf(TextEncoderKind kind) => Array.Find(kinds, k => k.Kind == kind).Name;

    /// <summary>The usual name of a model with these parts, such as BiLSTM + characters + CRF.</summary>
    public static string Title(TextTaggerOptions options) => string.Join(" + ", new[]
    {
        Array.Find(kinds, k => k.Kind == options.Encoder.Kind).Title,
        options.CharacterFeatures > 0 ? "characters" : "",
        options.HasCrf ? "CRF" : "",
    }.Where(p => p.Length > 0));

    /// <summary>The colour of a model in charts.</summary>
    public static ModelColour ColourOf(TextTagger model) => Array.Find(kinds, k => k.Kind == model.Options.Encoder.Kind).Colour;

    /// <summary>A one-line description of a model.</summary>
    public static string Describe(TextTagger model)
    {
        var (options, encoder) = (model.Options, model.Options.Encoder);
        var size = encoder.Kind switch
        {
            TextEncoderKind.Convolution => $"{encoder.HiddenSize} filters of {string.Join(", ", encoder.KernelSizes)}",
            TextEncoderKind.Transformer =>
                $"{Show.Number(encoder.Layers, "layer")} of {encoder.HiddenSize}, {Show.Number(encoder.HeadCount, "head")}",
            _ => $"{Show.Number(encoder.Layers, "layer")} of {encoder.HiddenSize} in each direction",
        };
        var features = options.CharacterFeatures * options.CharacterKernelSizes.Count;
        var characters = features == 0 ? "" : $" {features} features of {model.Characters!.Count} characters,";
        return $"{Title(options)}, {size},{characters} {Show.Count(model.Vocabulary.Count)} words,"
            + $" {Show.Number(options.Tags.Count, "tag")}";
    }
}
