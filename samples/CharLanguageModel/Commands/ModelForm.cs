using System.Globalization;
using SeqCore.Models;
using SeqCore.Tensors;

namespace SeqCore.Samples.CharLanguageModel.Commands;

/// <summary>Kind and sizes of a model and the characters that it knows: what a checkpoint tells so that the model can be made again.</summary>
/// <param name="Kind">rnn, lstm or gru.</param>
/// <param name="Embedding">Width of the embedding.</param>
/// <param name="Hidden">Units of each layer.</param>
/// <param name="Layers">Recurrent layers.</param>
/// <param name="Dropout">Probability of dropout in training.</param>
/// <param name="Vocabulary">The characters.</param>
internal sealed record ModelForm(string Kind, int Embedding, int Hidden, int Layers, float Dropout, CharacterVocabulary Vocabulary)
{
    /// <summary>For people.</summary>
    public string Description =>
        $"{Kind.ToUpperInvariant()}, {(Layers == 1 ? "1 layer" : $"{Layers} layers")} of {Hidden}, embedding {Embedding}, vocabulary {Vocabulary.Count}";

    /// <summary>Makes a model with its first weights.</summary>
    /// <param name="random">Draws the weights and later the masks of dropout.</param>
    public RecurrentLanguageModel Create(RandomGenerator random)
    {
        var kind = Kind switch { "rnn" => RecurrentKind.Rnn, "gru" => RecurrentKind.Gru, _ => RecurrentKind.Lstm };
        return new RecurrentLanguageModel(kind, Vocabulary.Count, Embedding, Hidden, Layers, Dropout, tieWeights: false, random);
    }

    /// <summary>Adds the form to a run's configuration.</summary>
    public void AddTo(IDictionary<string, string> configuration)
    {
        configuration["model"] = Kind;
        configuration["embedding"] = Text(Embedding);
        configuration["hidden"] = Text(Hidden);
        configuration["layers"] = Text(Layers);
        configuration["dropout"] = Text(Dropout);
        configuration["vocabulary"] = Vocabulary.Characters;
    }

    /// <summary>Reads the form from a checkpoint.</summary>
    /// <exception cref="CheckpointException">It is not there, so that the checkpoint is not one of this program.</exception>
    public static ModelForm Of(CheckpointData checkpoint, string path)
    {
        var configuration = checkpoint.Configuration;
        var kind = Get("model");
        if (kind is not ("rnn" or "lstm" or "gru"))
            throw new CheckpointException($"Checkpoint '{path}' holds a model of the kind '{kind}', which this program does not know. Name a checkpoint that its train command wrote.");
        return new ModelForm(kind, Whole("embedding"), Whole("hidden"), Whole("layers"), (float)Number("dropout"), new CharacterVocabulary(Get("vocabulary")));

        string Get(string name) => configuration.GetValueOrDefault(name)
            ?? throw new CheckpointException($"Checkpoint '{path}' belongs to another program: its configuration has no '{name}'. Name a checkpoint that the train command wrote.");
        int Whole(string name) => (int)Number(name);
        double Number(string name) => double.TryParse(Get(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value
            : throw new CheckpointException($"Checkpoint '{path}': '{name}' should be a number but is '{Get(name)}'. Name a checkpoint that the train command wrote.");
    }

    /// <summary>A number as configurations hold it.</summary>
    public static string Text(IFormattable value) => value.ToString(value is float ? "R" : null, CultureInfo.InvariantCulture);
}
