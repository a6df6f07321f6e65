namespace SeqCore.Models;

/// <summary>Sizes and configuration of a <see cref="Gpt"/>; the defaults are GPT-2's smallest.</summary>
public sealed record GptOptions : LanguageTransformerOptions
{
    /// <summary>The defaults.</summary>
    public GptOptions() => (NormFirst, Epsilon) = (true, 1e-5f);

    /// <summary>
    /// The most tokens that the model can look back on; null for no limit, which learned positions cannot have.
    /// </summary>
    public int? MaximumLength { get; init; } = 1024;

    /// <summary>Whether the head's weight is the embedding's table (Press and Wolf, arXiv:1608.05859).</summary>
    public bool TieWeights { get; init; } = true;

    internal override int? Limit => MaximumLength;

    /// <summary>
    /// 2 L layers write into the residual stream; their initial weights are narrower, so that the sum stays as wide as one.
    /// </summary>
    internal override TransformerBlockOptions Block => base.Block with
    {
        IsCausal = true,
        ResidualDeviation = NormalInitializer.StandardDeviation / MathF.Sqrt(2f * Layers),
    };
}
