using System.Globalization;
using SeqCore.Models;
using SeqCore.Tensors;

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
{
    private const string Kind = "bert";

    /// <summary>What tokens are: words or characters.</summary>
    public string Unit => Vocabulary is WordVocabulary ? "words" : "characters";

    /// <summary>For people.</summary>
    public string Description =>
        $"BERT, {(Layers == 1 ? "1 layer" : $"{Layers} layers")} of {Hidden}, {(Heads == 1 ? "1 head" : $"{Heads} heads")}, vocabulary {Vocabulary.Count}";

    /// <summary>Makes a model with its first weights.</summary>
    /// <param name="random">Draws the weights and later the masks of dropout.</param>
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

    /// <summary>Adds the form to a run's configuration.</summary>
    public void AddTo(IDictionary<string, string> configuration)
    {
        configuration["model"] = Kind;
        configuration["hidden"] = Text(Hidden);
        configuration["layers"] = Text(Layers);
        configuration["heads"] = Text(Heads);
        configuration["dropout"] = Text(Dropout);
        configuration["sequence"] = Text(Sequence);
        configuration["mask_share"] = Text(MaskShare);
        configuration["whole_words"] = WholeWords ? "yes" : "no";
        configuration["level"] = Unit;
        configuration["lowercase"] = Vocabulary is WordVocabulary { IsLowercase: true } ? "yes" : "no";
        configuration["vocabulary"] = Vocabulary.Units;
    }

    /// <summary>Reads the form from a checkpoint.</summary>
    /// <exception cref="CheckpointException">It is not there, so that the checkpoint is not one of this program.</exception>
    public static ModelForm Of(CheckpointData checkpoint, string path)
    {
        var configuration = checkpoint.Configuration;
        if (Get("model") is not Kind and var kind)
            throw new CheckpointException($"Checkpoint '{path}' holds a model of the kind '{kind}', which this program does not know. Name a checkpoint that its train command wrote.");
        return new ModelForm(Whole("hidden"), Whole("layers"), Whole("heads"), (float)Number("dropout"), Whole("sequence"), (float)Number("mask_share"),
            Get("whole_words") == "yes", Words());

        string Get(string name) => configuration.GetValueOrDefault(name)
            ?? throw new CheckpointException($"Checkpoint '{path}' belongs to another program: its configuration has no '{name}'. Name a checkpoint that the train command wrote.");
        int Whole(string name) => (int)Number(name);
        double Number(string name) => double.TryParse(Get(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value
            : throw new CheckpointException($"Checkpoint '{path}': '{name}' should be a number but is '{Get(name)}'. Name a checkpoint that the train command wrote.");
        TextVocabulary Words()
        {
            try
            {
                return Get("level") == "words" ? WordVocabulary.FromUnits(Get("vocabulary"), Get("lowercase") == "yes") : new MarkedCharacterVocabulary(Get("vocabulary"));
            }
            catch (ArgumentException wrong)
            {
                throw new CheckpointException($"Checkpoint '{path}': {wrong.Message}", wrong);
            }
        }
    }

    /// <summary>A number as configurations hold it.</summary>
    public static string Text(IFormattable value) => value.ToString(value is float ? "R" : null, CultureInfo.InvariantCulture);
}
