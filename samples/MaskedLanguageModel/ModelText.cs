using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.MaskedLanguageModel;

/// <summary>The descriptions of models in this program.</summary>
internal static class ModelText
{
    /// <summary>The kinds of model in files.</summary>
    public static IReadOnlyList<string> FileKinds { get; } = [Bert.KindName];

    /// <summary>Makes a model from its file.</summary>
    /// <exception cref="UserException">The model was saved without its words.</exception>
    public static Bert Load(ModelFile file) => Load(file, null);

    /// <summary>Makes a model from its file, to be trained on.</summary>
    /// <exception cref="UserException">The model was saved without its words.</exception>
    public static Bert Load(ModelFile file, RandomGenerator? random)
    {
        var model = Bert.Load(file, random);
        if (model.Tokenizer is UnitTokenizer)
            return model;
        model.Dispose();
        throw new UserException($"'{file.Source}' was saved without its words. Name a model that the train command wrote.");
    }

    /// <summary>The words or characters that a model knows.</summary>
    public static UnitTokenizer UnitsOf(Bert model) => (UnitTokenizer)model.Tokenizer!;

    /// <summary>The kind of tokens: words or characters.</summary>
    public static string Unit(Tokenizer tokenizer) => tokenizer is WordTokenizer ? "words" : "characters";

    /// <summary>A one-line description of a model.</summary>
    public static string Describe(Bert model)
    {
        var o = model.Options;
        return $"BERT, {Show.Number(o.Layers, "layer")} of {o.ModelSize},"
            + $" {Show.Number(o.HeadCount, "head")}, vocabulary {o.VocabularySize}";
    }
}
