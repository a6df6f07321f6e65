using SeqCore.Models;

namespace SeqCore.Samples.MaskedLanguageModel.Commands;

/// <summary>How to train, and what.</summary>
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

    /// <summary>Training steps.</summary>
    public int Iterations { get; init; } = 5000;

    /// <summary>Sequences in a batch.</summary>
    public int Batch { get; init; } = 32;

    /// <summary>The most tokens of a sequence, [CLS] and [SEP] included.</summary>
    public int Sequence { get; init; } = 128;

    /// <summary>Of AdamW.</summary>
    public float LearningRate { get; init; } = 5e-4f;

    /// <summary>constant, linear or cosine.</summary>
    public string Schedule { get; init; } = "linear";

    /// <summary>Steps during which the learning rate rises.</summary>
    public int Warmup { get; init; } = 200;

    /// <summary>Share of the matrices taken off per unit of learning rate.</summary>
    public float WeightDecay { get; init; } = 0.01f;

    /// <summary>Global norm that gradients are clipped to; 0 for none.</summary>
    public float Clip { get; init; } = 1;

    /// <summary>Decides weights, batches, masks and examples.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Steps between evaluations; 0 for a tenth of the iterations.</summary>
    public int EvalEvery { get; init; }

    /// <summary>Steps between checkpoints; 0 for a tenth of the iterations.</summary>
    public int CheckpointEvery { get; init; }

    /// <summary>Where checkpoints, metrics and the loss curve go; null for a new folder under runs.</summary>
    public string? Out { get; init; }

    /// <summary>Whether to go on from the newest checkpoint.</summary>
    public bool Resume { get; init; }

    /// <summary>Whether tokens are words.</summary>
    public bool AreWords => Level == "words";

    /// <summary>The vocabulary of a text.</summary>
    public TextVocabulary NewVocabulary(string text) =>
        AreWords ? new WordVocabulary(text, Vocabulary, isLowercase: !Cased) : new MarkedCharacterVocabulary(text);

    /// <summary>The model's form.</summary>
    public ModelForm FormFor(TextVocabulary vocabulary) => new(Hidden, Layers, Heads, Dropout, Sequence, MaskShare, WholeWords, vocabulary);
}
