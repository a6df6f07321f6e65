using System.Text.Json.Serialization;

namespace SeqCore.Models;

/// <summary>The common options of a block and of a model of blocks.</summary>
public abstract record BlockOptions
{
    private protected BlockOptions()
    {
    }

    /// <summary>
    /// The width of the model, D, at least 1; 512 by default for a block, 768 for a <see cref="Gpt"/> or <see cref="Bert"/>.
    /// </summary>
    public int ModelSize { get; init; }

    /// <summary>
    /// The number of query heads, N, at least 1 and a divisor of D; 8 by default for a block, 12 for a <see cref="Gpt"/> or
    /// <see cref="Bert"/>.
    /// </summary>
    public int HeadCount { get; init; }

    /// <summary>
    /// The number of key and value heads, M, a divisor of N (Ainslie et al., "GQA", arXiv:2305.13245); 0 for N.
    /// </summary>
    public int KeyHeadCount { get; init; }

    /// <summary>The number of elements of a head of the values; 0 for D / N, that of the keys.</summary>
    public int ValueHeadSize { get; init; }

    /// <summary>
    /// The cap of the scores of attention, positive and finite, or null for none (<see cref="AttentionOptions.Softcap"/>; Gemma
    /// 2, arXiv:2408.00118, section 2).
    /// </summary>
    public float? Softcap { get; init; }

    /// <summary>
    /// The width of the feed-forward part, F, at least 1; 2,048 by default for a block. For a <see cref="Gpt"/> or
    /// <see cref="Bert"/>, 0, the default, is 4 D.
    /// </summary>
    public int FeedForwardSize { get; init; }

    /// <summary>
    /// The activation of the feed-forward part; <see cref="FeedForwardActivation.Relu"/> by default for a block,
    /// <see cref="FeedForwardActivation.Gelu"/> for a <see cref="Gpt"/> or <see cref="Bert"/>.
    /// </summary>
    public FeedForwardActivation Activation { get; init; }

    /// <summary>
    /// Whether the norm is before each part, x + f(norm(x)), which trains deep models without a warm-up (Xiong et al., "On layer
    /// normalization in the Transformer architecture", arXiv:2002.04745), or after it, norm(x + f(x)), as in Vaswani et al. True
    /// by default for a <see cref="Gpt"/>, otherwise false.
    /// </summary>
    public bool NormFirst { get; init; }

    /// <summary>
    /// The probability of dropout after each part, of attention weights and in the feed-forward part, unless these have their
    /// own, in [0, 1); 0.1 by default, 0 for a <see cref="Gpt"/>.
    /// </summary>
    public float Dropout { get; init; }

    /// <summary>The probability of dropout of attention weights, in [0, 1); null for <see cref="Dropout"/>.</summary>
    public float? AttentionDropout { get; init; }

    /// <summary>
    /// The probability of dropout between the layers of the feed-forward part, in [0, 1), or null for <see cref="Dropout"/>; null
    /// by default for a block, 0 for a <see cref="Gpt"/> or <see cref="Bert"/>.
    /// </summary>
    public float? FeedForwardDropout { get; init; }

    /// <summary>Whether linear layers and norms have biases; true by default.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>
    /// The number added to the variance in the norms, above 0; 1e-5 by default, 1e-12 for a <see cref="Bert"/>.
    /// </summary>
    public float Epsilon { get; init; }

    /// <summary>The kind of the norms.</summary>
    public NormKind Norm { get; init; }

    /// <summary>
    /// The size of a sliding window: a position sees itself and those at a distance of less than this; 0 for all.
    /// </summary>
    public int Window { get; init; }

    /// <summary>
    /// Makes the mixer of positions instead of self-attention, from the options of the block; null for
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

    /// <summary>Whether a part is made by custom code, which files do not hold.</summary>
    internal bool HasCustomParts => NewMixer is not null || NewFeedForward is not null;

    internal NormLayer NewNorm() => Norms.New(Norm, ModelSize, Epsilon, Bias);

    internal virtual void Check(string owner)
    {
        Argument.Defined(Activation, owner, nameof(Activation));
        Argument.Defined(Norm, owner, nameof(Norm));
        Argument.AtLeast(ModelSize, owner, nameof(ModelSize));
        Argument.AtLeast(HeadCount, owner, nameof(HeadCount));
        Argument.AtLeast(KeyHeadCount, owner, nameof(KeyHeadCount), 0);
        Argument.AtLeast(ValueHeadSize, owner, nameof(ValueHeadSize), 0);
        Argument.Positive(Softcap ?? 1f, owner, nameof(Softcap));
        Argument.AtLeast(Window, owner, nameof(Window), 0);
        Argument.Probability(Dropout, owner, nameof(Dropout));
        Argument.Probability(AttentionDropout ?? 0f, owner, nameof(AttentionDropout));
        Argument.Probability(FeedForwardDropout ?? 0f, owner, nameof(FeedForwardDropout));
    }
}
