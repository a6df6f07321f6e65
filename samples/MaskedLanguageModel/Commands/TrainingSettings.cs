using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.MaskedLanguageModel.Commands;

/// <summary>Which model, and on what.</summary>
internal sealed record TrainingSettings
{
    /// <summary>words or characters.</summary>
    public string Level { get; init; } = "words";

    /// <summary>The most words that are known.</summary>
    public int Vocabulary { get; init; } = 8000;

    /// <summary>Whether capitals and small letters make different words.</summary>
    public bool Cased { get; init; }

    /// <summary>Whether the characters of a word are hidden together.</summary>
    public bool WholeWords { get; init; }

    /// <summary>Share of the tokens that are to be guessed.</summary>
    public float MaskShare { get; init; } = 0.15f;

    /// <summary>Width of the model.</summary>
    public int Hidden { get; init; } = 256;

    /// <summary>Transformer layers.</summary>
    public int Layers { get; init; } = 4;

    /// <summary>Attention heads.</summary>
    public int Heads { get; init; } = 4;

    /// <summary>Probability of dropout.</summary>
    public float Dropout { get; init; } = 0.1f;

    /// <summary>The most tokens of a sequence, [CLS] and [SEP] included.</summary>
    public int Sequence { get; init; } = 128;

    /// <summary>Where the page of attention goes; null for none.</summary>
    public string? Attention { get; init; }

    /// <summary>How long and how.</summary>
    public RunSettings Run { get; init; } = new()
    {
        Iterations = 5000,
        LearningRate = 5e-4f,
        Schedule = "linear",
        Warmup = 200,
        WeightDecay = 0.01f,

        // Short runs do not see enough steps for Adam's usual 0.999.
        Beta2 = 0.98f,
    };

    /// <summary>Whether tokens are words.</summary>
    public bool AreWords => Level == "words";

    /// <summary>The vocabulary of a text.</summary>
    public TextVocabulary NewVocabulary(string text) =>
        AreWords ? new WordVocabulary(text, Vocabulary, isLowercase: !Cased) : new MarkedCharacterVocabulary(text);

    /// <summary>The model's form.</summary>
    public ModelForm FormFor(TextVocabulary vocabulary) => new(Hidden, Layers, Heads, Dropout, Sequence, MaskShare, WholeWords, vocabulary);
}
