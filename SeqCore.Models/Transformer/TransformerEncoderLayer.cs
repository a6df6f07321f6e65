namespace SeqCore.Models;

/// <summary>
/// One layer of a Transformer's encoder: self-attention, then a feed-forward part, each with a residual sum and a norm (Vaswani
/// et al., "Attention is all you need", arXiv:1706.03762, section 3.1). Parameters have PyTorch's names:
/// <c>self_attn.in_proj_weight</c> and so on, <c>linear1.weight</c>, <c>linear2.weight</c>, <c>norm1.weight</c>,
/// <c>norm2.weight</c>.
/// </summary>
public sealed class TransformerEncoderLayer : TransformerLayer, ILayer
{
    private readonly NormLayer firstNorm;
    private readonly NormLayer secondNorm;

    /// <summary>A layer with PyTorch's first values.</summary>
    /// <param name="options">Size and form.</param>
    /// <param name="random">Draws the first values and the masks of dropout.</param>
    /// <exception cref="ArgumentException">A size or probability is out of range, or sizes do not divide.</exception>
    public TransformerEncoderLayer(TransformerLayerOptions options, RandomGenerator random) : base(options, random)
    {
        firstNorm = Register("norm1", options.NewNorm());
        secondNorm = Register("norm2", options.NewNorm());
    }

    /// <summary>Runs the layer.</summary>
    /// <param name="x">Shape (B, T, D).</param>
    /// <param name="options">What self-attention hides; null for nothing.</param>
    /// <returns>Shape (B, T, D).</returns>
    /// <exception cref="ShapeException">A shape is not as above.</exception>
    public Variable Forward(Variable x, AttentionOptions? options = null) =>
        Forward(new ResidualStream(Padding.Clear(x, options, Padding.Length(x))),
            new TransformerPass { Options = options ?? AttentionOptions.Full }).Sum();

    /// <summary>Runs the layer, nothing hidden.</summary>
    Variable ILayer.Forward(Variable x) => Forward(x);

    internal ResidualStream Forward(ResidualStream stream, TransformerPass pass)
    {
        stream = Part(stream, firstNorm, pass, h => SelfAttention.ToItself(h, pass, null));
        return Part(stream, secondNorm, pass, h => FeedForwardPart(h, pass));
    }
}
