namespace SeqCore.Models;

/// <summary>
/// The sizes and the configuration of a <see cref="Gpt"/>; the defaults are those of the smallest GPT-2, except that the
/// activation is the exact <see cref="FeedForwardActivation.Gelu"/>. For GPT-2's weights
/// (<see cref="TransformerNames.Gpt2"/>) set <see cref="FeedForwardActivation.GeluTanh"/>.
/// </summary>
public sealed record GptOptions : LanguageTransformerOptions
{
    /// <summary>The default options.</summary>
    public GptOptions() => (NormFirst, Epsilon) = (true, 1e-5f);

    /// <summary>
    /// The largest number of tokens that the model can look back on, 1,024 by default; null for no limit, which learned positions
    /// do not allow.
    /// </summary>
    public int? MaximumLength { get; init; } = 1024;

    /// <summary>Whether the head's weight is the embedding's table (Press and Wolf, arXiv:1608.05859); true by default.</summary>
    public bool TieWeights { get; init; } = true;

    internal override int? Limit => MaximumLength;

    /// <summary>
    /// The options of a block, with a smaller deviation of the initial weights of the 2 L layers that write to the residual
    /// stream, so that the variance of the sum does not grow.
    /// </summary>
    internal override TransformerBlockOptions Block => base.Block with
    {
        IsCausal = true,
        ResidualDeviation = NormalInitializer.StandardDeviation / MathF.Sqrt(2f * Layers),
    };
}
