namespace SeqCore.Models;

/// <summary>Sizes and configuration of a <see cref="Transformer"/>; the defaults are the base model of Vaswani et al.</summary>
public sealed record TransformerOptions
{
    /// <summary>Number of different source tokens, at least 1.</summary>
    public required int SourceVocabularySize { get; init; }

    /// <summary>V, number of different target tokens, at least 1.</summary>
    public required int TargetVocabularySize { get; init; }

    /// <summary>The most tokens of a source or target; null for no limit, which learned positions cannot have.</summary>
    public int? MaximumLength { get; init; }

    /// <summary>Layers of the encoder, at least 1.</summary>
    public int EncoderLayers { get; init; } = 6;

    /// <summary>Layers of the decoder, at least 1.</summary>
    public int DecoderLayers { get; init; } = 6;

    /// <summary>
    /// Sizes and configuration of each layer. Its positions are set by <see cref="Positions"/>:
    /// <see cref="TransformerBlockOptions.Rotary"/> goes only with that kind, and
    /// <see cref="TransformerBlockOptions.Alibi"/> with its own.
    /// </summary>
    public TransformerBlockOptions Layer { get; init; } = new();

    /// <summary>The norm at the end of the encoder and of the decoder; null for one like those of the layers.</summary>
    public FinalNormOptions? FinalNorm { get; init; }

    /// <summary>How the model knows the order of its tokens. Embeddings are multiplied by sqrt(D) whatever the kind.</summary>
    public PositionKind Positions { get; init; } = PositionKind.Sinusoidal;

    /// <summary>Whether sources and targets share one table of embeddings; needs vocabularies of one size.</summary>
    public bool ShareEmbeddings { get; init; }

    /// <summary>Whether the head's weight is the table of the targets (Press and Wolf, arXiv:1608.05859).</summary>
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
            throw new ArgumentException($"{owner}: {nameof(Layer)}.{nameof(Layer.Rotary)} would count positions beside"
                + $" {nameof(Positions)} {Positions}. Set {nameof(Positions)} to {PositionKind.Rotary}, or leave it out.",
                nameof(Layer));
        }

        if (Layer.Alibi && Positions != PositionKind.Alibi)
        {
            throw new ArgumentException($"{owner}: {nameof(Layer)}.{nameof(Layer.Alibi)} would count positions beside"
                + $" {nameof(Positions)} {Positions}. Set {nameof(Positions)} to {PositionKind.Alibi}, or leave it out.",
                nameof(Layer));
        }

        if (ShareEmbeddings && SourceVocabularySize != TargetVocabularySize)
        {
            throw new ArgumentException($"{owner}: one table serves vocabularies of one size;"
                + $" got {SourceVocabularySize} and {TargetVocabularySize}.", nameof(ShareEmbeddings));
        }
    }
}
