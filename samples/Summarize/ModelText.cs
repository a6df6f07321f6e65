using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.Summarize;

/// <summary>The models that this program trains, and how it describes them.</summary>
internal static class ModelText
{
    /// <summary>The names of the kinds on the command line.</summary>
    public static string[] Names { get; } = ["gru", "lstm"];

    /// <summary>The kinds of attention on the command line.</summary>
    public static string[] Attentions { get; } = ["general", "dot", "additive"];

    /// <summary>The kinds of model in files.</summary>
    public static IReadOnlyList<string> FileKinds { get; } = [RecurrentEncoderDecoder.KindName];

    /// <summary>Makes a model from its file.</summary>
    /// <exception cref="UserException">The model was saved without its tokens.</exception>
    public static EncoderDecoderModel Load(ModelFile file) => Load(file, null);

    /// <summary>Makes a model from its file, to be trained on.</summary>
    /// <exception cref="UserException">The model was saved without its tokens.</exception>
    public static EncoderDecoderModel Load(ModelFile file, RandomGenerator? random)
    {
        var model = EncoderDecoderModel.Load(file, random);
        if (model is { SourceTokenizer: BytePairTokenizer, TargetTokenizer: BytePairTokenizer })
            return model;
        model.Dispose();
        throw new UserException($"'{file.Source}' was saved without byte pairs. Name a model that the train command wrote.");
    }

    /// <summary>Whether a model copies tokens of the text.</summary>
    public static bool Copies(EncoderDecoderModel model) => model is RecurrentEncoderDecoder { Options.Copies: true };

    /// <summary>The name of a kind of layers or attention on the command line.</summary>
    public static string Name(Enum kind) => kind.ToString().ToLowerInvariant();

    /// <summary>A one-line description of a model.</summary>
    public static string Describe(RecurrentEncoderDecoderOptions o) =>
        $"{Name(o.Kind).ToUpperInvariant()} encoder and decoder, {Show.Number(o.Layers, "layer")} of {o.HiddenSize},"
            + $" {Name(o.Attention)} attention, {(o.Copies ? "with" : "without")} copying,"
            + $" {Show.Count(o.TargetVocabularySize)} tokens";
}
