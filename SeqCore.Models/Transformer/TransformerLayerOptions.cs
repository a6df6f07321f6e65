namespace SeqCore.Models;

/// <summary>
/// Size and form of an encoder's or decoder's layer; the defaults are PyTorch's, which are those of Vaswani et al.
/// </summary>
public sealed record TransformerLayerOptions
{
    /// <summary>D, at least 1.</summary>
    public int ModelSize { get; init; } = 512;

    /// <summary>N, at least 1, a divisor of D.</summary>
    public int HeadCount { get; init; } = 8;

    /// <summary>M, heads of keys and values, a divisor of N; 0 for N.</summary>
    public int KeyHeadCount { get; init; }

    /// <summary>F, width of the feed-forward part, at least 1.</summary>
    public int FeedForwardSize { get; init; } = 2048;

    /// <summary>Of the feed-forward part.</summary>
    public FeedForwardActivation Activation { get; init; } = FeedForwardActivation.Relu;

    /// <summary>
    /// Whether each part is normalised before it, x + f(norm(x)), which trains deep models without a warm-up (Xiong et al., "On
    /// layer normalization in the Transformer architecture", arXiv:2002.04745), or after it, norm(x + f(x)), as in Vaswani et al.
    /// </summary>
    public bool NormFirst { get; init; }

    /// <summary>Probability of dropout of attention weights, in the feed-forward part and after each part, in [0, 1).</summary>
    public float Dropout { get; init; } = 0.1f;

    /// <summary>Whether linear layers and norms have biases.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>Added to the variance in the norms, above 0.</summary>
    public float Epsilon { get; init; } = 1e-5f;

    /// <summary>Which norms.</summary>
    public NormKind Norm { get; init; }

    /// <summary>Turns queries and keys of self-attention; owned by the caller. Null: nothing.</summary>
    public RotaryPositions? Rotary { get; init; }

    /// <summary>Whether scores of self-attention fall with the distance by <see cref="AlibiSlopes"/>.</summary>
    public bool Alibi { get; init; }

    internal MultiHeadAttentionOptions SelfAttention => SourceAttention with { Rotary = Rotary, Alibi = Alibi };

    internal MultiHeadAttentionOptions SourceAttention => new() { KeyHeadCount = KeyHeadCount, Dropout = Dropout, Bias = Bias };

    internal void Check(string owner)
    {
        Known.Check(Activation, owner, nameof(Activation));
        Known.Check(Norm, owner, nameof(Norm));
        Size.Check(ModelSize, owner, nameof(ModelSize));
        Size.Check(HeadCount, owner, nameof(HeadCount));
        Size.Check(KeyHeadCount, owner, nameof(KeyHeadCount), 0);
        Size.Check(FeedForwardSize, owner, nameof(FeedForwardSize));
        Share.Check(Dropout, owner, nameof(Dropout));
    }

    internal NormLayer NewNorm() => Norms.New(Norm, ModelSize, Epsilon, Bias);
}
