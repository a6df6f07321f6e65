namespace SeqCore.Models;

/// <summary>
/// The sizes and the configuration of a <see cref="Transformer"/>; the defaults are those of the base model of Vaswani et al.
/// </summary>
public sealed record TransformerOptions
{
    /// <summary>The number of different source tokens, at least 1.</summary>
    public required int SourceVocabularySize { get; init; }

    /// <summary>The number of different target tokens, V, at least 1.</summary>
    public required int TargetVocabularySize { get; init; }

    /// <summary>
    /// The largest number of tokens in a source or target; null for no limit, which learned positions do not allow.
    /// </summary>
    public int? MaximumLength { get; init; }

    /// <summary>The number of layers of the encoder, at least 1; 6 by default.</summary>
    public int EncoderLayers { get; init; } = 6;

    /// <summary>The number of layers of the decoder, at least 1; 6 by default.</summary>
    public int DecoderLayers { get; init; } = 6;

    /// <summary>
    /// The sizes and the configuration of each layer. <see cref="Positions"/> sets its positions:
    /// <see cref="TransformerBlockOptions.Rotary"/> and <see cref="TransformerBlockOptions.Alibi"/> are allowed only with their
    /// kinds.
    /// </summary>
    public TransformerBlockOptions Layer { get; init; } = new();

    /// <summary>The norm at the end of the encoder and of the decoder; null for one like those of the layers.</summary>
    public FinalNormOptions? FinalNorm { get; init; }

    /// <summary>
    /// How the model represents the order of its tokens; <see cref="PositionKind.Sinusoidal"/> by default. Embeddings are
    /// multiplied by sqrt(D) in all cases.
    /// </summary>
    public PositionKind Positions { get; init; } = PositionKind.Sinusoidal;

    /// <summary>Whether sources and targets share one table of embeddings, which needs vocabularies of the same size.</summary>
    public bool ShareEmbeddings { get; init; }

    /// <summary>
    /// Whether the head's weight is the table of the targets (Press and Wolf, arXiv:1608.05859); true by default.
    /// </summary>
    public bool TieWeights { get; init; } = true;

    internal void Check(string owner)
    {
        TokenEmbedding.Check(Positions, MaximumLength, owner);
        Argument.AtLeast(SourceVocabularySize, owner, nameof(SourceVocabularySize));
        Argument.AtLeast(TargetVocabularySize, owner, nameof(TargetVocabularySize));
        Argument.AtLeast(EncoderLayers, owner, nameof(EncoderLayers));
        Argument.AtLeast(DecoderLayers, owner, nameof(DecoderLayers));
        Layer.Check(owner);
        if (Layer.Rotary is not null && Positions != PositionKind.Rotary)
        {
            throw new ArgumentException($"{owner}: {nameof(Layer)}.{nameof(Layer.Rotary)} would add positions to those of"
                + $" {nameof(Positions)} {Positions}. Set {nameof(Positions)} to {PositionKind.Rotary}, or do not"
                + $" set {nameof(Layer)}.{nameof(Layer.Rotary)}.",
                nameof(Layer));
        }

        if (Layer.Alibi && Positions != PositionKind.Alibi)
        {
            throw new ArgumentException($"{owner}: {nameof(Layer)}.{nameof(Layer.Alibi)} would add positions to those of"
                + $" {nameof(Positions)} {Positions}. Set {nameof(Positions)} to {PositionKind.Alibi}, or do not"
                + $" set {nameof(Layer)}.{nameof(Layer.Alibi)}.",
                nameof(Layer));
        }

        if (ShareEmbeddings && SourceVocabularySize != TargetVocabularySize)
        {
            throw new ArgumentException($"{owner}: a shared table needs vocabularies of the same size;"
                + $" got {SourceVocabularySize} and {TargetVocabularySize}.", nameof(ShareEmbeddings));
        }
    }
}
