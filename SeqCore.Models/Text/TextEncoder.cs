namespace SeqCore.Models;

/// <summary>
/// Computes a vector for each token of a text in its context: the first part of classifiers and taggers. Shapes: tokens (B, T),
/// result (B, T, <see cref="OutputSize"/>).
/// </summary>
/// <example>
/// <code>
/// var options = new TextEncoderOptions { Kind = TextEncoderKind.Lstm, EmbeddingSize = 16, HiddenSize = 32 };
/// using var encoder = TextEncoder.New(vocabularySize: 100, options, new RandomGenerator(seed: 1));
/// using var tokens = IndexTensor.FromArray(new[,] { { 5, 7, 9 }, { 5, 6, 0 } });
/// using var lengths = IndexTensor.FromArray([3, 2]);
/// using var scope = new TensorScope();
/// Console.WriteLine(encoder.Forward(tokens, lengths).Shape);   // (2, 3, 64)
/// </code>
/// </example>
public abstract class TextEncoder : Module
{
    /// <summary>The number of elements of each vector.</summary>
    public abstract int OutputSize { get; }

    /// <summary>Makes an encoder.</summary>
    /// <param name="vocabularySize">The number of different tokens, V, at least 1.</param>
    /// <param name="options">The kind and the sizes.</param>
    /// <param name="random">
    /// The generator that draws the initial values and the masks of dropout; its state is part of a checkpoint.
    /// </param>
    /// <exception cref="ArgumentException">A size or probability is out of range, or sizes do not divide.</exception>
    public static TextEncoder New(int vocabularySize, TextEncoderOptions options, RandomGenerator random)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(random);
        Argument.AtLeast(vocabularySize, nameof(TextEncoder), nameof(vocabularySize));
        options.Check(nameof(TextEncoder));
        return options.Kind switch
        {
            TextEncoderKind.Embedding => new EmbeddingEncoder(vocabularySize, options, random),
            TextEncoderKind.Lstm => new RecurrentTextEncoder(RecurrentKind.Lstm, vocabularySize, options, random),
            TextEncoderKind.Gru => new RecurrentTextEncoder(RecurrentKind.Gru, vocabularySize, options, random),
            _ => new TransformerTextEncoder(vocabularySize, options, random),
        };
    }

    /// <summary>Computes a vector for each token, and records the computation if a tape is open.</summary>
    /// <param name="tokens">The tokens, shape (B, T), each in [0, V).</param>
    /// <param name="lengths">
    /// The number of tokens of each text, shape (B,), in [1, T]; later ones are padding, which does not affect the vectors of the
    /// others. Null for T in all.
    /// </param>
    /// <returns>The vectors, shape (B, T, <see cref="OutputSize"/>); those of padding have no meaning.</returns>
    /// <exception cref="ShapeException">A tensor does not have the required shape.</exception>
    public Variable Forward(IndexTensor tokens, IndexTensor? lengths = null)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        if (tokens.Shape.Rank != 2)
            throw ShapeException.Wrong(Kind, nameof(tokens), "(B, T)", tokens.Shape);
        return Encode(tokens, lengths);
    }

    /// <summary>Computes a vector for each token of a batch whose shape has been checked.</summary>
    /// <param name="tokens">The tokens, shape (B, T).</param>
    /// <param name="lengths">The number of tokens of each text, shape (B,); null for T in all.</param>
    protected abstract Variable Encode(IndexTensor tokens, IndexTensor? lengths);
}
