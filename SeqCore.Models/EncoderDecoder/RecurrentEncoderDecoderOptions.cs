using System.Text.Json.Serialization;

namespace SeqCore.Models;

/// <summary>The configuration and the regularisation of a <see cref="RecurrentEncoderDecoder"/>.</summary>
public sealed record RecurrentEncoderDecoderOptions
{
    /// <summary>The number of different source tokens, at least 1.</summary>
    public required int SourceVocabularySize { get; init; }

    /// <summary>The number of different target tokens, V, at least 1.</summary>
    public required int TargetVocabularySize { get; init; }

    /// <summary>The kind of the recurrent layers in encoder and decoder; <see cref="RecurrentKind.Lstm"/> by default.</summary>
    public RecurrentKind Kind { get; init; } = RecurrentKind.Lstm;

    /// <summary>
    /// Makes custom recurrent layers instead of those of <see cref="Kind"/>, first the encoder's and then the decoder's, from the
    /// number of features of an input, the number of units in each direction, the generator that draws initial values, and the
    /// number of layers, the directions and the dropout; null for <see cref="Kind"/>. The result has those sizes, layers and
    /// directions. Files do not hold it.
    /// </summary>
    [JsonIgnore]
    public Func<int, int, RandomGenerator, RecurrentLayerOptions, RecurrentLayer>? NewLayer { get; init; }

    /// <summary>The width of the embeddings of source and target, E, at least 1.</summary>
    public required int EmbeddingSize { get; init; }

    /// <summary>
    /// The number of hidden units of each layer, H, at least 1; a bidirectional encoder has half as many in each direction.
    /// </summary>
    public required int HiddenSize { get; init; }

    /// <summary>The number of stacked layers in encoder and decoder, at least 1; 1 by default.</summary>
    public int Layers { get; init; } = 1;

    /// <summary>Whether the encoder reads the source in both directions; H is then even.</summary>
    public bool Bidirectional { get; init; }

    /// <summary>The probability of dropout after the embeddings, between layers and before the head, in [0, 1).</summary>
    public float Dropout { get; init; }

    /// <summary>The score by which the decoder attends to the source; <see cref="AttentionScore.General"/> by default.</summary>
    public AttentionScore Attention { get; init; } = AttentionScore.General;

    /// <summary>
    /// Makes a custom attention instead of <see cref="Attention"/>, from H, the width of queries and keys, and the generator that
    /// draws initial values; null for <see cref="Attention"/>. It is not saved: pass it again to load the model.
    /// </summary>
    [JsonIgnore]
    public Func<int, RandomGenerator, AttentionLayer>? NewAttention { get; init; }

    /// <summary>The point in a step at which the decoder attends; <see cref="AttentionWiring.AfterStep"/> by default.</summary>
    public AttentionWiring Wiring { get; init; } = AttentionWiring.AfterStep;

    /// <summary>The number of units of additive and concat attention, A; null for H.</summary>
    public int? AttentionSize { get; init; }

    /// <summary>The number of heads of multi-head attention, N, a divisor of H; 4 by default.</summary>
    public int HeadCount { get; init; } = 4;

    /// <summary>
    /// The number of key and value heads of multi-head attention, M, a divisor of N (grouped queries); 0 for N.
    /// </summary>
    public int KeyHeadCount { get; init; }

    /// <summary>
    /// The estimator that trains hard attention (<see cref="HardAttention"/>), with which each step attends to one position,
    /// drawn by the scores; null for soft attention. The score must be one with a single head.
    /// </summary>
    public HardAttentionEstimator? Hard { get; init; }

    /// <summary>
    /// Whether each step may copy a token of the source, chosen by the weights of attention (<see cref="CopyMechanism"/>). Source
    /// and target then share one vocabulary and one tokenizer, and the logits of the model are log probabilities.
    /// </summary>
    public bool Copies { get; init; }

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
        if (Copies)
            CheckCopies(owner);
        if (Bidirectional && HiddenSize % 2 != 0)
            throw new ArgumentException($"{owner}: a bidirectional encoder has H / 2 units in each direction, so "
                + $"{nameof(HiddenSize)} should be even; got {HiddenSize}.");
    }

    private void CheckCopies(string owner)
    {
        if (SourceVocabularySize != TargetVocabularySize)
        {
            throw new ArgumentException($"{owner}: a model that copies tokens of the source needs one vocabulary for source and"
                + $" target; {nameof(SourceVocabularySize)} is {SourceVocabularySize} and {nameof(TargetVocabularySize)}"
                + $" {TargetVocabularySize}. Hint: train one tokenizer on sources and targets together.");
        }

        if (NewAttention is null && Attention == AttentionScore.None)
        {
            throw new ArgumentException($"{owner}: {nameof(Copies)} needs an attention, whose weights choose the tokens;"
                + $" {nameof(Attention)} is {Attention}.");
        }
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
