namespace SeqCore.Models;

/// <summary>
/// One layer of a Transformer's decoder: causal self-attention, attention to the source, then a feed-forward part, each with a
/// residual sum and a norm (Vaswani et al., "Attention is all you need", arXiv:1706.03762, section 3.1). Parameters have
/// PyTorch's names: those of the encoder's layer, and <c>multihead_attn.in_proj_weight</c> and so on, <c>norm3.weight</c>.
/// </summary>
public sealed class TransformerDecoderLayer : TransformerLayer
{
    private readonly NormLayer firstNorm;
    private readonly NormLayer secondNorm;
    private readonly NormLayer thirdNorm;

    /// <summary>A layer with PyTorch's first values.</summary>
    /// <param name="options">Size and form.</param>
    /// <param name="random">Draws the first values and the masks of dropout.</param>
    /// <exception cref="ArgumentException">A size or probability is out of range, or sizes do not divide.</exception>
    public TransformerDecoderLayer(TransformerLayerOptions options, RandomGenerator random) : base(options, random)
    {
        SourceAttention = Register("multihead_attn",
            new MultiHeadAttention(options.ModelSize, options.HeadCount, random, options.SourceAttention));
        firstNorm = Register("norm1", options.NewNorm());
        secondNorm = Register("norm2", options.NewNorm());
        thirdNorm = Register("norm3", options.NewNorm());
    }

    /// <summary>Attention to the encoder's results.</summary>
    public MultiHeadAttention SourceAttention { get; }

    /// <summary>Runs the layer.</summary>
    /// <param name="x">Shape (B, T, D).</param>
    /// <param name="source">The encoder's results, shape (B, S, D).</param>
    /// <param name="options">What self-attention hides; null for what comes after a position.</param>
    /// <param name="sourceOptions">What attention to the source hides; null for nothing.</param>
    /// <returns>Shape (B, T, D).</returns>
    /// <exception cref="ShapeException">A shape is not as above.</exception>
    public Variable Forward(Variable x, Variable source, AttentionOptions? options = null, AttentionOptions? sourceOptions = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        var pass = new TransformerPass
        {
            Options = options ?? AttentionOptions.Causal,
            SourceOptions = sourceOptions ?? AttentionOptions.Full,
        };
        source = Padding.Clear(source, sourceOptions, Padding.Length(x));
        x = Padding.Clear(x, options, Padding.Length(x));
        return Forward(new ResidualStream(x), SourceAttention.ProjectKeys(source, source), pass, null).Sum();
    }

    internal ResidualStream Forward(ResidualStream stream, (Variable Keys, Variable Values) source, TransformerPass pass,
        KeyValueCache? cache)
    {
        stream = Part(stream, firstNorm, pass, h => SelfAttention.ToItself(h, pass, cache));
        stream = Part(stream, secondNorm, pass,
            h => SourceAttention.ToKeys(h, source, pass, pass.SourceOptions, pass.SourceWeights));
        return Part(stream, thirdNorm, pass, h => FeedForwardPart(h, pass));
    }
}
