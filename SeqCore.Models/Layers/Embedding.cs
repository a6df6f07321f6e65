namespace SeqCore.Models;

/// <summary>Looks up tokens in a table of vectors. Shapes: tokens (...), result (..., E), weight (V, E).</summary>
/// <example>
/// <code>
/// using var table = new Embedding(vocabularySize: 100, embeddingSize: 16, new RandomGenerator(seed: 1), paddingIndex: 0);
/// using var tokens = IndexTensor.FromArray(new[,] { { 5, 7, 9 }, { 5, 0, 0 } });
/// using var scope = new TensorScope();
/// var vectors = table.Forward(tokens);
/// Console.WriteLine(vectors.Shape);                            // (2, 3, 16)
/// Console.WriteLine(vectors[1, 2].Value.Abs().Sum().Item());   // 0
/// </code>
/// </example>
public sealed class Embedding : Module
{
    /// <summary>Makes a table that is initialised as in PyTorch, N(0, 1); the padding's row is 0.</summary>
    /// <param name="vocabularySize">The number of different tokens, V, at least 1.</param>
    /// <param name="embeddingSize">The width of a vector, E, at least 1.</param>
    /// <param name="random">The generator that draws the initial values.</param>
    /// <param name="paddingIndex">The token whose vector is initially 0 and is not trained; or null.</param>
    /// <param name="sparseGradient">
    /// Whether a training step takes time only for the vectors of its own tokens, see <see cref="SparseGradient"/>; false by
    /// default.
    /// </param>
    public Embedding(int vocabularySize, int embeddingSize, RandomGenerator random, int? paddingIndex = null,
        bool sparseGradient = false)
    {
        Argument.AtLeast(vocabularySize, Kind, nameof(vocabularySize));
        Argument.AtLeast(embeddingSize, Kind, nameof(embeddingSize));
        if (paddingIndex is { } padding && (padding < 0 || padding >= vocabularySize))
        {
            throw new ArgumentOutOfRangeException(nameof(paddingIndex), padding,
                $"Embedding: the padding index should be in [0, {vocabularySize}).");
        }

        PaddingIndex = paddingIndex;
        SparseGradient = sparseGradient;
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

    /// <summary>
    /// Whether a training step takes time only for the vectors of its own tokens: the backward pass, clipping by the norm, the
    /// built-in optimizers, and <see cref="Module.ZeroGradients"/>. For large vocabularies, of which a batch has few tokens.
    /// </summary>
    /// <remarks>
    /// <para>
    /// The gradient has the same bits as without it, and <see cref="Variable.GradientRows"/> of <see cref="Weight"/> lists its
    /// rows. But the built-in optimizers change only these rows of the table and of their own state, as PyTorch's SparseAdam
    /// does: in a step without its token, a vector neither decays nor is moved by momentum, and its moments do not decay. Adam
    /// corrects moments by the number of all steps. SGD without momentum and weight decay gives the same bits as without a sparse
    /// gradient; another rule does for a vector whose token occurs in every step. Clipping sums the norm in another order, so
    /// that its last digit may differ.
    /// </para>
    /// <para>
    /// Custom optimizers get the whole gradient, with zeros. If the table is used in another way too, such as by a tied head, its
    /// gradient is an ordinary one. The gradient's memory is kept between steps (<see cref="Variable.ReleaseGradient"/>). On a
    /// GPU each lookup's backward pass waits for the device, to read the tokens, so that small tables may be faster without.
    /// </para>
    /// </remarks>
    public bool SparseGradient { get; }

    /// <summary>Looks up the vectors of tokens.</summary>
    /// <param name="tokens">The tokens, shape (...), each in [0, V).</param>
    /// <returns>The vectors, shape (..., E).</returns>
    /// <exception cref="ArgumentException">A token is out of range; the message names its position and value.</exception>
    public Variable Forward(IndexTensor tokens) => Weight.Embedding(tokens, PaddingIndex, SparseGradient);
}
