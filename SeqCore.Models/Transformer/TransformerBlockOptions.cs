using System.Text.Json.Serialization;

namespace SeqCore.Models;

/// <summary>
/// The sizes and the configuration of a <see cref="TransformerBlock"/>; the defaults are those of PyTorch's encoder layer and of
/// Vaswani et al.
/// </summary>
public sealed record TransformerBlockOptions : BlockOptions
{
    /// <summary>The default options.</summary>
    public TransformerBlockOptions() =>
        (ModelSize, HeadCount, FeedForwardSize, Dropout, Epsilon) = (512, 8, 2048, 0.1f, 1e-5f);

    /// <summary>Makes the options of the blocks of a model.</summary>
    internal TransformerBlockOptions(BlockOptions model) : base(model)
    {
    }

    /// <summary>
    /// The rotary positions that rotate queries and keys of self-attention; the caller owns them and may share them between
    /// blocks. Null for none.
    /// </summary>
    public RotaryPositions? Rotary { get; init; }

    /// <summary>Whether scores of self-attention decrease with the distance by <see cref="AlibiSlopes"/>.</summary>
    public bool Alibi { get; init; }

    /// <summary>Whether a position sees no later ones.</summary>
    [JsonIgnore]
    public bool IsCausal { get; init; }

    /// <summary>Whether the block also attends to a source, between self-attention and the feed-forward part.</summary>
    [JsonIgnore]
    public bool HasSource { get; init; }

    /// <summary>
    /// The standard deviation s of the initial weights of all matrices, N(0, s^2), with biases 0; null for PyTorch's
    /// initialisation.
    /// </summary>
    [JsonIgnore]
    public float? Deviation { get; init; }

    /// <summary>
    /// The standard deviation of the initial weights of matrices whose results are added to the residual stream; null for
    /// <see cref="Deviation"/>.
    /// </summary>
    [JsonIgnore]
    public float? ResidualDeviation { get; init; }

    /// <summary>Whether the initial weights of queries, keys and values are drawn one after the other.</summary>
    internal bool DrawsSeparately { get; init; }

    internal MultiHeadAttentionOptions SelfAttention => SourceAttention with { Rotary = Rotary, Alibi = Alibi };

    internal MultiHeadAttentionOptions SourceAttention => new()
    {
        KeyHeadCount = KeyHeadCount,
        ValueHeadSize = ValueHeadSize,
        Softcap = Softcap,
        Dropout = AttentionDropout ?? Dropout,
        Bias = Bias,
        Deviation = Deviation,
        OutputDeviation = ResidualDeviation ?? Deviation,
        DrawsSeparately = DrawsSeparately,
    };

    /// <summary>The options of self-attention: those of the block combined with the caller's.</summary>
    internal AttentionOptions Hidden(AttentionOptions options) => options with
    {
        IsCausal = IsCausal || options.IsCausal,
        Window = Window == 0 || options.Window == 0 ? Window + options.Window : Math.Min(Window, options.Window),
    };

    internal override void Check(string owner)
    {
        base.Check(owner);
        Argument.AtLeast(FeedForwardSize, owner, nameof(FeedForwardSize));
        Argument.NotNegative(Deviation ?? 0f, owner, nameof(Deviation));
        Argument.NotNegative(ResidualDeviation ?? 0f, owner, nameof(ResidualDeviation));
    }
}
