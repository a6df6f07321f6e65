using SeqCore.Tensors;

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
}
