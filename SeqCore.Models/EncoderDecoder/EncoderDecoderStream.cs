namespace SeqCore.Models;

/// <summary>
/// Targets that a decoder writes token by token. <see cref="TokenStream.Reorder"/> moves rows among those of one source only, and
/// <see cref="TokenStream.Reset"/> begins the same sources' targets anew.
/// </summary>
public abstract class EncoderDecoderStream : TokenStream
{
    /// <summary>Whether each step keeps its attention weights for <see cref="Attention"/>; false at first.</summary>
    public bool KeepsAttention { get; set; }

    /// <summary>
    /// For each layer that attends to the source, the last step's weights, shape (B, N, S), N heads; empty where nothing attends,
    /// before the first step, or where <see cref="KeepsAttention"/> is false. The next step may write them anew.
    /// </summary>
    public abstract IReadOnlyList<Tensor> Attention { get; }

    private protected static int RowsFor(string owner, IndexTensor source, int beams)
    {
        ArgumentNullException.ThrowIfNull(source);
        Argument.AtLeast(beams, owner, nameof(beams));
        if (source.Shape.Rank != 2 || source.Shape[0] == 0)
            throw ShapeException.Wrong(owner, nameof(source), "(B, S) with B at least 1", source.Shape);
        return SizeLimitException.Product($"{owner}: a list of {source.Shape[0]} sources with {beams} beams each",
            source.Shape[0], beams, "Use fewer beams.");
    }

    /// <summary>The weights of the beams' queries, shape (B, N, beams, S), as (B beams, N, S) in memory of their own.</summary>
    private protected static Tensor OfEachRow(Tensor weights)
    {
        using var suspension = TensorScope.Suspend();
        using var turned = weights.Transpose(1, 2);
        using var copy = turned.Copy();
        return copy.Reshape(weights.Shape[0] * weights.Shape[2], weights.Shape[1], weights.Shape[3]);
    }
}
