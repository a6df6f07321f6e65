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
    private readonly Embedding embedding;
    private readonly Dropout? dropout;
    private readonly int featureSize;

    /// <summary>Makes the embedding and its dropout.</summary>
    /// <param name="vocabularySize">The number of different tokens, V, at least 1.</param>
    /// <param name="options">The width of the embedding and its dropout.</param>
    /// <param name="random">
    /// The generator that draws the initial values and the masks of dropout; its state is part of a checkpoint.
    /// </param>
    /// <param name="featureSize">The number of further features of each token; 0, the default, for none.</param>
    /// <exception cref="ArgumentException">A size or probability is out of range.</exception>
    protected TextEncoder(int vocabularySize, TextEncoderOptions options, RandomGenerator random, int featureSize = 0)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(random);
        Argument.AtLeast(vocabularySize, nameof(TextEncoder), nameof(vocabularySize));
        Argument.AtLeast(featureSize, nameof(TextEncoder), nameof(featureSize), 0);
        options.Check(nameof(TextEncoder));
        this.featureSize = featureSize;
        embedding = Register("embedding", new Embedding(vocabularySize, options.EmbeddingSize, random));
        if (options.EmbeddingDeviation != 1f)
            Initializer.Normal(embedding.Weight.Value, 0f, options.EmbeddingDeviation, random);
        dropout = options.Dropout > 0f ? Register("dropout", new Dropout(options.Dropout, random)) : null;
    }

    /// <summary>The number of elements of each vector.</summary>
    public abstract int OutputSize { get; }

    /// <summary>The number of elements of an embedding and the further features.</summary>
    protected int InputSize => embedding.Weight.Shape[1] + featureSize;

    /// <summary>Makes an encoder.</summary>
    /// <param name="vocabularySize">The number of different tokens, V, at least 1.</param>
    /// <param name="options">The kind and the sizes.</param>
    /// <param name="random">
    /// The generator that draws the initial values and the masks of dropout; its state is part of a checkpoint.
    /// </param>
    /// <param name="featureSize">
    /// The number of further features of each token, such as those of its characters; 0, the default, for none.
    /// </param>
    /// <exception cref="ArgumentException">A size or probability is out of range, or sizes do not divide.</exception>
    public static TextEncoder New(int vocabularySize, TextEncoderOptions options, RandomGenerator random, int featureSize = 0)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Kind switch
        {
            TextEncoderKind.Embedding => new EmbeddingTextEncoder(vocabularySize, options, random, featureSize),
            TextEncoderKind.Lstm =>
                new RecurrentTextEncoder(RecurrentKind.Lstm, vocabularySize, options, random, featureSize),
            TextEncoderKind.Gru => new RecurrentTextEncoder(RecurrentKind.Gru, vocabularySize, options, random, featureSize),
            TextEncoderKind.Convolution => new ConvolutionTextEncoder(vocabularySize, options, random, featureSize),
            TextEncoderKind.Transformer => new TransformerTextEncoder(vocabularySize, options, random, featureSize),
            _ => throw new ArgumentOutOfRangeException(nameof(options), options.Kind,
                $"{nameof(TextEncoder)}: there is no {nameof(TextEncoderOptions.Kind)} {options.Kind}."),
        };
    }

    /// <summary>Computes a vector for each token, and records the computation if a tape is open.</summary>
    /// <param name="tokens">The tokens, shape (B, T), each in [0, V).</param>
    /// <param name="lengths">
    /// The number of tokens of each text, shape (B,), in [1, T]; later ones are padding, which does not affect the vectors of the
    /// others. Null for T in all.
    /// </param>
    /// <param name="features">
    /// Further features of each token, shape (B, T, F), which are appended to its embedding; null for none.
    /// </param>
    /// <returns>The vectors, shape (B, T, <see cref="OutputSize"/>); those of padding have no meaning.</returns>
    /// <exception cref="ShapeException">A tensor does not have the required shape.</exception>
    /// <exception cref="ArgumentNullException">The encoder needs further features.</exception>
    public Variable Forward(IndexTensor tokens, IndexTensor? lengths = null, Variable? features = null)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        if (tokens.Shape.Rank != 2)
            throw ShapeException.Wrong(Kind, nameof(tokens), "(B, T)", tokens.Shape);
        var wanted = new Shape(tokens.Shape[0], tokens.Shape[1], featureSize);
        if (features is null && featureSize > 0)
            throw new ArgumentNullException(nameof(features), $"{Kind}: features of shape (B, T, F) = {wanted} are needed.");
        if (features is not null && !features.Shape.Equals(wanted))
        {
            throw ShapeException.Wrong(Kind, nameof(features), $"(B, T, F) = {wanted}", features.Shape,
                $"tokens is {tokens.Shape}");
        }


        var x = embedding.Forward(tokens);
        if (features is not null)
            x = Variable.Concat([x, features], axis: -1);
        return Encode(dropout?.Forward(x) ?? x, lengths);
    }

    /// <summary>Computes a vector for each token from its embedding.</summary>
    /// <param name="x">The embeddings after dropout, shape (B, T, <see cref="InputSize"/>).</param>
    /// <param name="lengths">The number of tokens of each text, shape (B,); null for T in all.</param>
    protected abstract Variable Encode(Variable x, IndexTensor? lengths);
}
