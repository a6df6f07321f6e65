namespace SeqCore.Models;

/// <summary>
/// A recurrent encoder-decoder. Without attention all that the decoder knows of the source is the encoder's last state (Sutskever,
/// Vinyals and Le, "Sequence to sequence learning with neural networks", arXiv:1409.3215; the source is not reversed here); with one,
/// it looks at every position at each step. Parameters: those of <c>encoder</c> and <c>decoder</c>.
/// </summary>
public sealed class RecurrentEncoderDecoder : EncoderDecoderModel
{
    /// <summary>A model with PyTorch's first values.</summary>
    /// <param name="sourceVocabularySize">Source tokens, at least 1.</param>
    /// <param name="targetVocabularySize">V, target tokens, at least 1.</param>
    /// <param name="options">Form and regularisation.</param>
    /// <param name="random">Draws the first values and the masks of dropout; its state is part of a checkpoint.</param>
    /// <exception cref="ArgumentException">A size is out of range, or options do not go together.</exception>
    public RecurrentEncoderDecoder(int sourceVocabularySize, int targetVocabularySize, RecurrentEncoderDecoderOptions options, RandomGenerator random)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check(Kind);
        Size.Check(sourceVocabularySize, Kind, nameof(sourceVocabularySize));
        Size.Check(targetVocabularySize, Kind, nameof(targetVocabularySize));
        Options = options;
        Encoder = Register("encoder", new RecurrentEncoder(sourceVocabularySize, options, random));
        Decoder = Register("decoder", new RecurrentDecoder(targetVocabularySize, options, random));
    }

    /// <summary>Form and regularisation.</summary>
    public RecurrentEncoderDecoderOptions Options { get; }

    /// <summary>What reads.</summary>
    public RecurrentEncoder Encoder { get; }

    /// <summary>What writes.</summary>
    public RecurrentDecoder Decoder { get; }

    /// <inheritdoc/>
    public override int SourceVocabularySize => Encoder.Embedding.Weight.Shape[0];

    /// <inheritdoc/>
    public override int TargetVocabularySize => Decoder.Embedding.Weight.Shape[0];

    /// <inheritdoc/>
    public override int? MaximumLength => null;

    /// <inheritdoc/>
    public override EncoderDecoderResult Forward(IndexTensor source, IndexTensor? sourceLengths, IndexTensor targetInput, bool returnAttention)
    {
        var (keys, state) = Encoder.Forward(source, sourceLengths);
        var prepared = Decoder.Attention?.Prepare(keys, options: new AttentionOptions { KeyLengths = sourceLengths });
        return Decoder.Forward(targetInput, state, prepared, returnAttention);
    }

    /// <inheritdoc/>
    public override EncoderDecoderStream NewStream(IndexTensor source, IndexTensor? sourceLengths, int beams = 1) =>
        new RecurrentEncoderDecoderStream(this, source, sourceLengths, beams);
}
