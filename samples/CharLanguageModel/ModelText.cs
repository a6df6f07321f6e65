using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.CharLanguageModel;

/// <summary>The kinds of model that this program trains, and how it describes them.</summary>
internal static class ModelText
{
    /// <summary>The name of a Transformer on the command line.</summary>
    public const string Gpt = "gpt";

    /// <summary>The names of all kinds on the command line.</summary>
    public static string[] Names { get; } = ["rnn", "lstm", "gru", Gpt];

    /// <summary>The same kinds in files.</summary>
    public static IReadOnlyList<string> FileKinds { get; } = [RecurrentLanguageModel.KindName, Models.Gpt.KindName];

    /// <summary>Makes a model from its file.</summary>
    /// <exception cref="UserException">The model does not read characters.</exception>
    public static LanguageModel Load(ModelFile file) => Load(file, null);

    /// <summary>Makes a model from its file, to be trained on.</summary>
    /// <exception cref="UserException">The model does not read characters.</exception>
    public static LanguageModel Load(ModelFile file, RandomGenerator? random)
    {
        var model = LanguageModel.Load(file, random);
        if (model.Tokenizer is CharacterTokenizer)
            return model;
        var reads = model.Tokenizer is null
            ? "was saved without its characters"
            : $"reads {model.Tokenizer.Kind}, not characters";
        model.Dispose();
        throw new UserException($"The model '{file.Source}' {reads}. Name one that the train command wrote.");
    }

    /// <summary>The name of a model on the command line.</summary>
    public static string NameOf(LanguageModel model) =>
        model is RecurrentLanguageModel recurrent ? Name(recurrent.Options.Kind) : Gpt;

    /// <summary>The name of a kind of recurrent layers.</summary>
    public static string Name(RecurrentKind kind) => kind.ToString().ToLowerInvariant();

    /// <summary>The colour of a model in charts.</summary>
    public static ModelColour ColourOf(LanguageModel model) => Enum.Parse<ModelColour>(
        model is RecurrentLanguageModel recurrent ? recurrent.Options.Kind.ToString() : nameof(ModelColour.Transformer));

    /// <summary>A one-line description of a model.</summary>
    public static string Describe(LanguageModel model)
    {
        var name = NameOf(model).ToUpperInvariant();
        return model switch
        {
            RecurrentLanguageModel { Options: var o } =>
                $"{name}, {Show.Number(o.Layers, "layer")} of {o.HiddenSize}, embedding {o.EmbeddingSize},"
                    + $" vocabulary {o.VocabularySize}",
            Models.Gpt { Options: var o } =>
                $"{name}, {Show.Number(o.Layers, "layer")} of {o.ModelSize} channels, {Show.Number(o.HeadCount, "head")},"
                    + $" context {o.MaximumLength}, vocabulary {o.VocabularySize}",
            _ => model.Kind,
        };
    }

    /// <summary>A one-line description of a validation loss.</summary>
    public static string Describe(double loss) => $"Validation loss {Show.Loss(loss)} nats per character:"
        + $" {Show.Loss(loss / Math.Log(2))} bits, perplexity {Show.Loss(Math.Exp(loss))}";
}
