using System.Text.Json.Serialization;

namespace SeqCore.Models;

/// <summary>
/// Sizes and configuration of a <see cref="TransformerBlock"/>; the defaults are those of PyTorch's encoder layer, which are
/// those of Vaswani et al.
/// </summary>
public sealed record TransformerBlockOptions : BlockOptions
{
    /// <summary>The defaults.</summary>
    public TransformerBlockOptions() =>
        (ModelSize, HeadCount, FeedForwardSize, Dropout, Epsilon) = (512, 8, 2048, 0.1f, 1e-5f);

    /// <summary>The blocks of a model.</summary>
    internal TransformerBlockOptions(BlockOptions model) : base(model)
    {
    }

    /// <summary>
    /// Turns queries and keys of self-attention; owned by the caller, who may give it to many blocks. Null: nothing.
    /// </summary>
    public RotaryPositions? Rotary { get; init; }

    /// <summary>Whether scores of self-attention fall with the distance by <see cref="AlibiSlopes"/>.</summary>
    public bool Alibi { get; init; }

    /// <summary>Whether a position sees none after it.</summary>
    [JsonIgnore]
    public bool IsCausal { get; init; }

    /// <summary>Whether the block attends to a source too, between self-attention and the feed-forward part.</summary>
    [JsonIgnore]
    public bool HasSource { get; init; }

    /// <summary>s: the initial weights of all matrices are N(0, s^2) and biases 0; null for PyTorch's initial values.</summary>
    [JsonIgnore]
    public float? Deviation { get; init; }

    /// <summary>
    /// The same for matrices whose results are added to the residual stream; null for <see cref="Deviation"/>.
    /// </summary>
    [JsonIgnore]
    public float? ResidualDeviation { get; init; }

    /// <summary>Whether queries, keys and values draw their initial weights one after the other.</summary>
    internal bool DrawsApart { get; init; }

    internal MultiHeadAttentionOptions SelfAttention => SourceAttention with { Rotary = Rotary, Alibi = Alibi };

    internal MultiHeadAttentionOptions SourceAttention => new()
    {
        KeyHeadCount = KeyHeadCount,
        Dropout = AttentionDropout ?? Dropout,
        Bias = Bias,
        Deviation = Deviation,
        OutputDeviation = ResidualDeviation ?? Deviation,
        DrawsApart = DrawsApart,
    };

    /// <summary>What self-attention hides: what the options say, and what the caller does.</summary>
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
