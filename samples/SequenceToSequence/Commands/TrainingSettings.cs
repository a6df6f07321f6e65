using SeqCore.Samples.Common;

namespace SeqCore.Samples.SequenceToSequence.Commands;

/// <summary>Which model, and on what.</summary>
internal sealed record TrainingSettings
{
    /// <summary>lstm, gru, rnn or transformer.</summary>
    public string Model { get; init; } = "gru";

    /// <summary>One of <see cref="ModelForm.Attentions"/>.</summary>
    public string AttentionKind { get; init; } = "additive";

    /// <summary>Width of the embeddings.</summary>
    public int Embedding { get; init; } = 128;

    /// <summary>Units of each layer, or the Transformer's width.</summary>
    public int Hidden { get; init; } = 256;

    /// <summary>In the encoder, and in the decoder.</summary>
    public int Layers { get; init; } = 1;

    /// <summary>Of a Transformer.</summary>
    public int Heads { get; init; } = 4;

    /// <summary>Probability of dropout.</summary>
    public float Dropout { get; init; } = 0.1f;

    /// <summary>words, characters, or auto for what suits the data.</summary>
    public string Level { get; init; } = "auto";

    /// <summary>Words at most on either side.</summary>
    public int Vocabulary { get; init; } = 10_000;

    /// <summary>Tokens of a source or target at most.</summary>
    public int Sequence { get; init; } = 64;

    /// <summary>Share of each token's probability that training spreads over all.</summary>
    public float LabelSmoothing { get; init; }

    /// <summary>Where the page of attention goes; null for the run's folder.</summary>
    public string? Attention { get; init; }

    /// <summary>How long and how.</summary>
    public RunSettings Run { get; init; } = new() { Iterations = 5000, Batch = 64, LearningRate = 0.001f, Schedule = "cosine", Warmup = 100 };
}
