namespace SeqCore.Models;

/// <summary>
/// The norm after the last layer of a stack, with its own configuration: PyTorch's stacks take it as a separate module.
/// </summary>
public sealed record FinalNormOptions
{
    /// <summary>Options for no norm.</summary>
    public static FinalNormOptions None { get; } = new() { IsAbsent = true };

    /// <summary>The kind of the norm.</summary>
    public NormKind Kind { get; init; }

    /// <summary>Whether it has a bias, true by default; an <see cref="RmsNorm"/> never has one.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>The number added to the variance, above 0; 1e-5 by default.</summary>
    public float Epsilon { get; init; } = 1e-5f;

    /// <summary>Whether there is no norm, so that the other options have no effect.</summary>
    public bool IsAbsent { get; init; }

    /// <summary>Makes the norm, or returns null; without options, the norm is like those of the layers.</summary>
    internal static NormLayer? New(FinalNormOptions? options, TransformerBlockOptions layer) => options switch
    {
        null => layer.NewNorm(),
        { IsAbsent: true } => null,
        _ => Norms.New(options.Kind, layer.ModelSize, options.Epsilon, options.Bias),
    };
}
