using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.MaskedLanguageModel.Commands;

/// <summary>Sizes of a model and the words or characters that it knows: what a checkpoint tells so that the model can be made again.</summary>
/// <param name="Hidden">Width of the model.</param>
/// <param name="Layers">Transformer layers.</param>
/// <param name="Heads">Attention heads.</param>
/// <param name="Dropout">Probability of dropout in training.</param>
/// <param name="Sequence">The most tokens that it can read, [CLS] and [SEP] included.</param>
/// <param name="MaskShare">Share of the tokens that were to be guessed in training.</param>
/// <param name="WholeWords">Whether the characters of a word were hidden together.</param>
/// <param name="Vocabulary">Words or characters.</param>
internal sealed record ModelForm(int Hidden, int Layers, int Heads, float Dropout, int Sequence, float MaskShare, bool WholeWords, TextVocabulary Vocabulary)
    : IModelForm<ModelForm, Bert>
{
    private const string Kind = "bert";

    /// <summary>What tokens are: words or characters.</summary>
    public string Unit => Vocabulary is WordVocabulary ? "words" : "characters";

    /// <summary>For people.</summary>
    public string Description =>
        $"BERT, {(Layers == 1 ? "1 layer" : $"{Layers} layers")} of {Hidden}, {(Heads == 1 ? "1 head" : $"{Heads} heads")}, vocabulary {Vocabulary.Count}";

    /// <inheritdoc/>
    public Bert Create(RandomGenerator random) => new(
        new BertOptions
        {
            VocabularySize = Vocabulary.Count,
            MaximumLength = Sequence,
            Layers = Layers,
            HeadCount = Heads,
            ModelSize = Hidden,
            Dropout = Dropout,
        },
        random);

    /// <summary>The form as a run's configuration.</summary>
    public Dictionary<string, string> Configuration() => new()
    {
        ["model"] = Kind,
        ["hidden"] = RunSettings.Text(Hidden),
        ["layers"] = RunSettings.Text(Layers),
        ["heads"] = RunSettings.Text(Heads),
        ["dropout"] = RunSettings.Text(Dropout),
        ["sequence"] = RunSettings.Text(Sequence),
        ["mask_share"] = RunSettings.Text(MaskShare),
        ["whole_words"] = WholeWords ? "yes" : "no",
        ["level"] = Unit,
        ["lowercase"] = Vocabulary is WordVocabulary { IsLowercase: true } ? "yes" : "no",
        ["vocabulary"] = Vocabulary.Units,
    };

    /// <inheritdoc/>
    public static ModelForm Of(SavedForm saved)
    {
        saved.Choice("model", Kind);
        return new ModelForm(saved.Whole("hidden"), saved.Whole("layers"), saved.Whole("heads"), saved.Number("dropout"), saved.Whole("sequence"), saved.Number("mask_share"),
            saved.Text("whole_words") == "yes",
            saved.Text("level") == "words" ? WordVocabulary.FromUnits(saved.Text("vocabulary"), saved.Text("lowercase") == "yes") : new MarkedCharacterVocabulary(saved.Text("vocabulary")));
    }
}
