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

    /// <summary>The options of the model; the size of its vocabulary comes from the text.</summary>
    public BertOptions Bert { get; init; } =
        new() { VocabularySize = 0, ModelSize = 256, Layers = 4, HeadCount = 4, MaximumLength = 128 };

    /// <summary>The model whose weights, sizes and words training starts from; null for a new one.</summary>
    public string? From { get; init; }

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

    /// <summary>Makes the tokenizer of a text.</summary>
    public UnitTokenizer NewTokenizer(string text) =>
        AreWords ? new WordTokenizer(text, Vocabulary, isLowercase: !Cased) : new MarkedCharacterTokenizer(text);

    /// <summary>Makes the model.</summary>
    /// <param name="tokenizer">Of the text.</param>
    /// <param name="random">Draws the initial weights and the masks of dropout.</param>
    public Bert NewModel(Tokenizer tokenizer, RandomGenerator random) =>
        new(Bert with { VocabularySize = tokenizer.Count }, random) { Tokenizer = tokenizer };
}
