namespace SeqCore.Models;

/// <summary>Looks up tokens in a table of vectors. Shapes: tokens (...), result (..., E), weight (V, E).</summary>
public sealed class Embedding : Module
{
    /// <summary>Makes a table that is initialised as in PyTorch, N(0, 1); the padding's row is 0.</summary>
    /// <param name="vocabularySize">The number of different tokens, V, at least 1.</param>
    /// <param name="embeddingSize">The width of a vector, E, at least 1.</param>
    /// <param name="random">The generator that draws the initial values.</param>
    /// <param name="paddingIndex">The token whose vector is initially 0 and is not trained; or null.</param>
    public Embedding(int vocabularySize, int embeddingSize, RandomGenerator random, int? paddingIndex = null)
    {
        Argument.AtLeast(vocabularySize, Kind, nameof(vocabularySize));
        Argument.AtLeast(embeddingSize, Kind, nameof(embeddingSize));
        if (paddingIndex is { } padding && (padding < 0 || padding >= vocabularySize))
        {
            throw new ArgumentOutOfRangeException(nameof(paddingIndex), padding,
                $"Embedding: the padding index should be in [0, {vocabularySize}).");
        }

        PaddingIndex = paddingIndex;
        Weight = Register("weight", Tensor.RandomNormal(WeightLimit.For(Kind, vocabularySize, embeddingSize), random));
        if (paddingIndex is { } row)
        {
            Weight.Value.Backend.Fill(new Kernels.StridedSpan(Weight.Value.Span.Slice(row * embeddingSize, embeddingSize),
                Kernels.Layout.Contiguous([embeddingSize])), 0f);
        }
    }

    /// <summary>The table of vectors, shape (V, E).</summary>
    public Parameter Weight { get; }

    /// <summary>The token whose vector is not trained, or null.</summary>
    public int? PaddingIndex { get; }

    /// <summary>Looks up the vectors of tokens.</summary>
    /// <param name="tokens">The tokens, shape (...), each in [0, V).</param>
    /// <returns>The vectors, shape (..., E).</returns>
    /// <exception cref="ArgumentException">A token is out of range; the message names its position and value.</exception>
    public Variable Forward(IndexTensor tokens) => Weight.Embedding(tokens, PaddingIndex);
}
