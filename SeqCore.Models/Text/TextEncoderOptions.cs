namespace SeqCore.Models;

/// <summary>The kind and the sizes of a <see cref="TextEncoder"/>.</summary>
public sealed record TextEncoderOptions
{
    /// <summary>The kind of encoder; a GRU by default.</summary>
    public TextEncoderKind Kind { get; init; } = TextEncoderKind.Gru;

    /// <summary>The width of the embedding, E, at least 1; 128 by default.</summary>
    public int EmbeddingSize { get; init; } = 128;

    /// <summary>
    /// The standard deviation of the initial embeddings, above 0; 1 by default, as in PyTorch. A smaller one, such as 0.3, lets
    /// tokens that training has few times say less.
    /// </summary>
    public float EmbeddingDeviation { get; init; } = 1f;

    /// <summary>
    /// The number of hidden units of each recurrent layer and direction, of the channels of each width of convolutions, or the
    /// width of a Transformer, at least 1; 128 by default.
    /// </summary>
    public int HiddenSize { get; init; } = 128;

    /// <summary>The number of layers or Transformer blocks, at least 1; 1 by default.</summary>
    public int Layers { get; init; } = 1;

    /// <summary>
    /// Whether recurrent layers read the text in both directions; true by default. If so, their results are twice as wide.
    /// </summary>
    public bool Bidirectional { get; init; } = true;

    /// <summary>The number of heads of a Transformer, a divisor of <see cref="HiddenSize"/>; 4 by default.</summary>
    public int HeadCount { get; init; } = 4;

    /// <summary>The widths of convolutions in tokens, each at least 1; 3, 4 and 5 by default.</summary>
    public IReadOnlyList<int> KernelSizes { get; init; } = [3, 4, 5];

    /// <summary>The probability of dropout after the embedding and between layers, in [0, 1); 0 by default.</summary>
    public float Dropout { get; init; }

    /// <summary>Returns options whose list the caller cannot change.</summary>
    internal TextEncoderOptions Copy() => this with { KernelSizes = [.. KernelSizes] };

    internal void Check(string owner)
    {
        Argument.Defined(Kind, owner, nameof(Kind));
        Argument.AtLeast(EmbeddingSize, owner, nameof(EmbeddingSize));
        if (!(EmbeddingDeviation > 0f && float.IsFinite(EmbeddingDeviation)))
        {
            throw new ArgumentOutOfRangeException(nameof(EmbeddingDeviation), EmbeddingDeviation,
                $"{owner}: {nameof(EmbeddingDeviation)} should be a number above 0.");
        }

        Argument.AtLeast(HiddenSize, owner, nameof(HiddenSize));
        Argument.AtLeast(Layers, owner, nameof(Layers));
        Argument.AtLeast(HeadCount, owner, nameof(HeadCount));
        ArgumentNullException.ThrowIfNull(KernelSizes);
        if (KernelSizes.Count == 0)
            throw new ArgumentException($"{owner}: {nameof(KernelSizes)} should be at least one width.", nameof(KernelSizes));
        foreach (var size in KernelSizes)
            Argument.AtLeast(size, owner, nameof(KernelSizes));
        Argument.Probability(Dropout, owner, nameof(Dropout));
    }
}
