namespace SeqCore.Models;

/// <summary>
/// The targets that a decoder writes token by token. <see cref="TokenStream.Reorder"/> moves rows only within one source, and
/// <see cref="TokenStream.Reset"/> starts the targets of the same sources again.
/// </summary>
public abstract class EncoderDecoderStream : TokenStream
{
    /// <summary>Whether each step keeps its attention weights for <see cref="Attention"/>; false by default.</summary>
    public bool KeepsAttention { get; set; }

    /// <summary>
    /// The attention weights of the last step for each layer that attends to the source, shape (B, N, S) with N heads; empty if
    /// nothing attends, before the first step, or if <see cref="KeepsAttention"/> is false. The next step may overwrite them.
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

    /// <summary>
    /// Converts the weights of the beams' queries from shape (B, N, beams, S) to (B beams, N, S), in new memory.
    /// </summary>
    private protected static Tensor OfEachRow(Tensor weights)
    {
        using var suspension = TensorScope.Suspend();
        using var turned = weights.Transpose(1, 2);
        using var copy = turned.Copy();
        return copy.Reshape(weights.Shape[0] * weights.Shape[2], weights.Shape[1], weights.Shape[3]);
    }
}
