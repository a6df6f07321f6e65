namespace SeqCore.Models;

/// <summary>Makes norms by their kind.</summary>
internal static class Norms
{
    internal static NormLayer New(NormKind kind, int size, float epsilon, bool bias) => kind switch
    {
        NormKind.LayerNorm => new LayerNorm(size, epsilon, bias),
        NormKind.RmsNorm => new RmsNorm(size, epsilon),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such norm."),
    };
}
