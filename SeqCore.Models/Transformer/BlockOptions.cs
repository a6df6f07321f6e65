using System.Text.Json.Serialization;

namespace SeqCore.Models;

/// <summary>What the options of a block and those of a model of blocks have in common.</summary>
public abstract record BlockOptions
{
    private protected BlockOptions()
    {
    }

    /// <summary>D, at least 1.</summary>
    public int ModelSize { get; init; }

    /// <summary>N, at least 1, a divisor of D.</summary>
    public int HeadCount { get; init; }

    /// <summary>M, heads of keys and values, a divisor of N (Ainslie et al., "GQA", arXiv:2305.13245); 0 for N.</summary>
    public int KeyHeadCount { get; init; }

    /// <summary>F, width of the feed-forward part, at least 1; for a <see cref="Gpt"/> or <see cref="Bert"/>, 0 is 4 D.</summary>
    public int FeedForwardSize { get; init; }

    /// <summary>Of the feed-forward part.</summary>
    public FeedForwardActivation Activation { get; init; }

    /// <summary>
    /// Whether each part is normalised before it, x + f(norm(x)), which trains deep models without a warm-up (Xiong et al., "On
    /// layer normalization in the Transformer architecture", arXiv:2002.04745), or after it, norm(x + f(x)), as in Vaswani et al.
    /// </summary>
    public bool NormFirst { get; init; }

    /// <summary>
    /// Probability of dropout after each part, and of attention weights and in the feed-forward part unless they have their own,
    /// in [0, 1).
    /// </summary>
    public float Dropout { get; init; }

    /// <summary>Probability of dropout of attention weights, in [0, 1); null for <see cref="Dropout"/>.</summary>
    public float? AttentionDropout { get; init; }

    /// <summary>
    /// Probability of dropout between the layers of the feed-forward part, in [0, 1); null for <see cref="Dropout"/>.
    /// </summary>
    public float? FeedForwardDropout { get; init; }

    /// <summary>Whether linear layers and norms have biases.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>Added to the variance in the norms, above 0.</summary>
    public float Epsilon { get; init; }

    /// <summary>Which norms.</summary>
    public NormKind Norm { get; init; }

    /// <summary>Sliding window: a position sees itself and those less than this far from it; 0 for all.</summary>
    public int Window { get; init; }

    /// <summary>
    /// Makes what mixes positions in the place of self-attention, from the options of the block; null for
    /// <see cref="MultiHeadAttention"/>. Files do not hold it.
    /// </summary>
    [JsonIgnore]
    public Func<TransformerBlockOptions, RandomGenerator, ISequenceMixer>? NewMixer { get; init; }

    /// <summary>
    /// Makes the part that works on each position alone, from the options of the block; null for two linear layers with the
    /// activation between them. Files do not hold it.
    /// </summary>
    [JsonIgnore]
    public Func<TransformerBlockOptions, RandomGenerator, ILayer>? NewFeedForward { get; init; }

    /// <summary>Whether a part is made by code that files do not hold.</summary>
    internal bool HasOwnParts => NewMixer is not null || NewFeedForward is not null;

    internal NormLayer NewNorm() => Norms.New(Norm, ModelSize, Epsilon, Bias);

    internal virtual void Check(string owner)
    {
        Argument.Defined(Activation, owner, nameof(Activation));
        Argument.Defined(Norm, owner, nameof(Norm));
        Argument.AtLeast(ModelSize, owner, nameof(ModelSize));
        Argument.AtLeast(HeadCount, owner, nameof(HeadCount));
        Argument.AtLeast(KeyHeadCount, owner, nameof(KeyHeadCount), 0);
        Argument.AtLeast(Window, owner, nameof(Window), 0);
        Argument.Probability(Dropout, owner, nameof(Dropout));
        Argument.Probability(AttentionDropout ?? 0f, owner, nameof(AttentionDropout));
        Argument.Probability(FeedForwardDropout ?? 0f, owner, nameof(FeedForwardDropout));
    }
}
