namespace SeqCore.Models;

/// <summary>
/// The norm behind the last layer of a stack, with a configuration of its own: PyTorch's stacks take it as a module apart from
/// the layers.
/// </summary>
public sealed record FinalNormOptions
{
    /// <summary>No norm.</summary>
    public static FinalNormOptions None { get; } = new() { IsAbsent = true };

    /// <summary>Which norm.</summary>
    public NormKind Kind { get; init; }

    /// <summary>Whether it has a bias; an <see cref="RmsNorm"/> never has one.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>Added to the variance, above 0.</summary>
    public float Epsilon { get; init; } = 1e-5f;

    /// <summary>Whether there is no norm; then the rest means nothing.</summary>
    public bool IsAbsent { get; init; }

    /// <summary>The norm, or null; where nothing was asked for, one like those of the layers.</summary>
    internal static NormLayer? New(FinalNormOptions? options, TransformerBlockOptions layer) => options switch
    {
        null => layer.NewNorm(),
        { IsAbsent: true } => null,
        _ => Norms.New(options.Kind, layer.ModelSize, options.Epsilon, options.Bias),
    };
}
