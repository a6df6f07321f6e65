using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.MaskedLanguageModel;

/// <summary>How this program describes its models.</summary>
internal static class ModelText
{
    /// <summary>The kinds of model in files.</summary>
    public static IReadOnlyList<string> FileKinds { get; } = [Bert.KindName];

    /// <summary>Makes a model from its file.</summary>
    /// <exception cref="UserException">It was saved without its words.</exception>
    public static Bert Load(ModelFile file) => Load(file, null);

    /// <summary>Makes a model from its file, to be trained on.</summary>
    /// <exception cref="UserException">It was saved without its words.</exception>
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

    /// <summary>What tokens are: words or characters.</summary>
    public static string Unit(Tokenizer tokenizer) => tokenizer is WordTokenizer ? "words" : "characters";

    /// <summary>A model in one line.</summary>
    public static string Describe(Bert model)
    {
        var o = model.Options;
        return $"BERT, {Show.Number(o.Layers, "layer")} of {o.ModelSize},"
            + $" {Show.Number(o.HeadCount, "head")}, vocabulary {o.VocabularySize}";
    }
}
