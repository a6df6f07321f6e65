using System.Text.Json.Serialization;

namespace SeqCore.Models;

/// <summary>Form and regularisation of a <see cref="RecurrentEncoderDecoder"/>.</summary>
public sealed record RecurrentEncoderDecoderOptions
{
    /// <summary>The number of different source tokens, at least 1.</summary>
    public required int SourceVocabularySize { get; init; }

    /// <summary>V, the number of different target tokens, at least 1.</summary>
    public required int TargetVocabularySize { get; init; }

    /// <summary>Which recurrent layers, in encoder and decoder.</summary>
    public RecurrentKind Kind { get; init; } = RecurrentKind.Lstm;

    /// <summary>E, width of the embeddings of source and target, at least 1.</summary>
    public required int EmbeddingSize { get; init; }

    /// <summary>H, units of each layer, at least 1; a bidirectional encoder has half as many in each direction.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Layers one above the other, in encoder and decoder, at least 1.</summary>
    public int Layers { get; init; } = 1;

    /// <summary>Whether the encoder reads the source in both directions; H is then even.</summary>
    public bool Bidirectional { get; init; }

    /// <summary>Probability of dropout after the embeddings, between layers and before the head, in [0, 1).</summary>
    public float Dropout { get; init; }

    /// <summary>How the decoder looks at the source.</summary>
    public AttentionScore Attention { get; init; } = AttentionScore.General;

    /// <summary>
    /// Makes an attention of one's own, in place of <see cref="Attention"/>: it is given H, the width of queries and keys, and
    /// the generator that draws initial values. Null for <see cref="Attention"/>. It is not saved: give it again to load.
    /// </summary>
    [JsonIgnore]
    public Func<int, RandomGenerator, AttentionLayer>? NewAttention { get; init; }

    /// <summary>Where in a step it does.</summary>
    public AttentionWiring Wiring { get; init; } = AttentionWiring.AfterStep;

    /// <summary>A of additive and concat attention; null for H.</summary>
    public int? AttentionSize { get; init; }

    /// <summary>N of multi-head attention, a divisor of H.</summary>
    public int HeadCount { get; init; } = 4;

    /// <summary>M of multi-head attention, heads of keys and values, a divisor of N (grouped queries); 0 for N.</summary>
    public int KeyHeadCount { get; init; }

    /// <summary>
    /// Whether each step looks at one position alone, drawn by the scores (<see cref="HardAttention"/>), and how these are then
    /// trained; null for soft attention. The score is one of those with a single head.
    /// </summary>
    public HardAttentionEstimator? Hard { get; init; }

    internal void Check(string owner)
    {
        Argument.Defined(Kind, owner, nameof(Kind));
        Argument.Defined(Attention, owner, nameof(Attention));
        Argument.Defined(Wiring, owner, nameof(Wiring));
        Argument.Defined(Hard ?? default, owner, nameof(Hard));
        Argument.AtLeast(SourceVocabularySize, owner, nameof(SourceVocabularySize));
        Argument.AtLeast(TargetVocabularySize, owner, nameof(TargetVocabularySize));
        Argument.AtLeast(EmbeddingSize, owner, nameof(EmbeddingSize));
        Argument.AtLeast(HiddenSize, owner, nameof(HiddenSize));
        Argument.AtLeast(Layers, owner, nameof(Layers));
        Argument.AtLeast(AttentionSize ?? 1, owner, nameof(AttentionSize));
        Argument.AtLeast(HeadCount, owner, nameof(HeadCount));
        Argument.AtLeast(KeyHeadCount, owner, nameof(KeyHeadCount), 0);
        Argument.Probability(Dropout, owner, nameof(Dropout));
        if (NewAttention is null)
            CheckAttention(owner);
        if (Bidirectional && HiddenSize % 2 != 0)
            throw new ArgumentException($"{owner}: a bidirectional encoder has H / 2 units in each direction, so "
                + $"{nameof(HiddenSize)} should be even; got {HiddenSize}.");
    }

    private void CheckAttention(string owner)
    {
        if (Attention == AttentionScore.MultiHead && HiddenSize % HeadCount != 0)
        {
            throw new ArgumentException($"{owner}: {nameof(HiddenSize)} should be a multiple of {nameof(HeadCount)};"
                + $" got {HiddenSize} and {HeadCount}.");
        }

        if (Hard is not null && Attention is AttentionScore.None or AttentionScore.MultiHead)
        {
            throw new ArgumentException($"{owner}: {nameof(Hard)} attention needs a score with a single head;"
                + $" {nameof(Attention)} is {Attention}.");
        }

        if (Attention == AttentionScore.None && Wiring != AttentionWiring.AfterStep)
        {
            throw new ArgumentException($"{owner}: {nameof(Wiring)} {Wiring} needs an attention;"
                + $" {nameof(Attention)} is {Attention}.");
        }
    }
}
