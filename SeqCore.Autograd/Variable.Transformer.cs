using SeqCore.Functions;
using SeqCore.Kernels;

namespace SeqCore;

public partial class Variable
{
    /// <summary>
    /// Computes RMS normalisation, x / sqrt(mean(x^2) + epsilon) w, along the last axis (Zhang and Sennrich, "Root mean square
    /// layer normalization", arXiv:1910.07467). This variable is x, shape (..., D).
    /// </summary>
    /// <remarks>
    /// The squares are summed in single precision, as in PyTorch: where elements exceed about 1e19 in magnitude, their sum is
    /// infinite and the result is 0.
    /// </remarks>
    /// <param name="weight">The weight w, shape (D,); null for ones.</param>
    /// <param name="epsilon">The number added to the mean square, finite and at least 0.</param>
    /// <exception cref="ShapeException">A tensor does not have the required shape.</exception>
    public Variable RmsNorm(Variable? weight = null, float epsilon = 1e-6f) =>
        new RmsNormFunction(this, null, weight, epsilon).Apply();

    /// <summary>
    /// Computes dropout(x) + residual and its <see cref="LayerNorm(Variable?, Variable?, float)"/> in one pass. This variable is
    /// x, shape (..., D).
    /// </summary>
    /// <param name="residual">The residual, shape (..., D), the shape of x.</param>
    /// <param name="weight">The weight w, shape (D,); null for ones.</param>
    /// <param name="bias">The bias b, shape (D,); null for zeros.</param>
    /// <param name="epsilon">The number added to the variance, finite and at least 0.</param>
    /// <param name="dropout">The probability, in [0, 1), that an element of x is set to 0, as by <see cref="Dropout"/>.</param>
    /// <param name="random">The generator that draws the mask of the dropout; null only without dropout.</param>
    /// <exception cref="ShapeException">A tensor does not have the required shape.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The probability is not in [0, 1).</exception>
    public (Variable Normalised, Variable Sum) AddLayerNorm(Variable residual, Variable? weight = null, Variable? bias = null,
        float epsilon = 1e-5f, float dropout = 0f, RandomGenerator? random = null)
    {
        var added = Summand(residual, dropout, random);
        var results = new LayerNormFunction(this, added, weight, bias, epsilon).ApplyMany();
        return (results[0], results[1]);
    }

    /// <summary>
    /// Computes dropout(x) + residual and its <see cref="RmsNorm(Variable?, float)"/> in one pass. This variable is x, shape
    /// (..., D).
    /// </summary>
    /// <param name="residual">The residual, shape (..., D), the shape of x.</param>
    /// <param name="weight">The weight w, shape (D,); null for ones.</param>
    /// <param name="epsilon">The number added to the mean square, finite and at least 0.</param>
    /// <param name="dropout">The probability, in [0, 1), that an element of x is set to 0, as by <see cref="Dropout"/>.</param>
    /// <param name="random">The generator that draws the mask of the dropout; null only without dropout.</param>
    /// <exception cref="ShapeException">A tensor does not have the required shape.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The probability is not in [0, 1).</exception>
    public (Variable Normalised, Variable Sum) AddRmsNorm(Variable residual, Variable? weight = null, float epsilon = 1e-6f,
        float dropout = 0f, RandomGenerator? random = null)
    {
        var results = new RmsNormFunction(this, Summand(residual, dropout, random), weight, epsilon).ApplyMany();
        return (results[0], results[1]);
    }

    private static Residual Summand(Variable residual, float dropout, RandomGenerator? random)
    {
        ArgumentNullException.ThrowIfNull(residual);
        if (!(dropout >= 0f && dropout < 1f))
        {
            throw new ArgumentOutOfRangeException(nameof(dropout), dropout,
                "The probability of dropout should be at least 0 and below 1.");
        }

        if (dropout > 0f)
            ArgumentNullException.ThrowIfNull(random);
        return new(residual, dropout, random);
    }

    /// <summary>
    /// Computes silu(a) b, where the last axis holds a and then b, which one linear layer makes (Shazeer, "GLU variants improve
    /// Transformer", arXiv:2002.05202). This variable holds both, shape (..., 2F).
    /// </summary>
    /// <returns>The result, shape (..., F).</returns>
    /// <exception cref="ShapeException">The size of the last axis is odd.</exception>
    public Variable SwiGlu() => new SwiGluFunction(this).Apply();

    /// <summary>
    /// Applies rotary position embeddings (Su et al., "RoFormer", arXiv:2104.09864): pair j of each head at position p is rotated
    /// by p theta_j. The elements of a head beyond the first R do not change. This variable is x, shape (..., T, C): the first
    /// heads of each step are rotated and the rest is copied, so that packed q, k and v can be passed whole; for separate heads C
    /// = K, one head.
    /// </summary>
    /// <param name="table">
    /// The table from <see cref="RotaryTable"/>, shape (P, 2, R), where R is even and at most the size of a head.
    /// </param>
    /// <param name="headCount">The number of heads that are rotated.</param>
    /// <param name="headSize">The number of elements of a head, K.</param>
    /// <param name="firstPosition">The position of the first step, which is the number of steps in a cache.</param>
    /// <param name="pairs">How elements are paired, which must match the table.</param>
    /// <returns>The rotated sequence, shape (..., T, C).</returns>
    /// <exception cref="ShapeException">
    /// A tensor does not have the required shape, or the table ends before the last position.
    /// </exception>
    public Variable Rotary(Tensor table, int headCount, int headSize, int firstPosition = 0,
        RotaryPairs pairs = RotaryPairs.HalfSplit)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(headCount);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(headSize);
        ArgumentOutOfRangeException.ThrowIfNegative(firstPosition);
        return new RotaryFunction(this, table, headCount, headSize, firstPosition, pairs).Apply();
    }

    /// <summary>
    /// Applies rotary position embeddings at given positions, which may differ between the rows of a batch and leave gaps: those
    /// of padded prompts, of packed documents, or of a tree of guesses.
    /// </summary>
    /// <param name="table">
    /// The table from <see cref="RotaryTable"/>, shape (P, 2, R), where R is even and at most the size of a head.
    /// </param>
    /// <param name="positions">
    /// The position of each step, in [0, P): shape (..., T), or one that broadcasts to it, such as (B, 1, T) for separate heads.
    /// </param>
    /// <param name="headCount">The number of heads that are rotated.</param>
    /// <param name="headSize">The number of elements of a head, K.</param>
    /// <param name="pairs">How elements are paired, which must match the table.</param>
    /// <returns>The rotated sequence, shape (..., T, C).</returns>
    /// <exception cref="ShapeException">A tensor does not have the required shape.</exception>
    /// <exception cref="ArgumentException">
    /// A position is outside the table; on a GPU this is reported at the next read.
    /// </exception>
    public Variable Rotary(Tensor table, IndexTensor positions, int headCount, int headSize,
        RotaryPairs pairs = RotaryPairs.HalfSplit)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(positions);
        if (Shape.Rank < 2)
            throw ShapeException.Wrong(nameof(Rotary), "x", "(..., T, C)", Shape);
        if (table.Shape.Rank != 3)
            throw ShapeException.Wrong(nameof(Rotary), nameof(table), "(P, 2, R)", table.Shape);

        // As one sequence whose table has a row for each step.
        var (rows, size) = (Shape.ElementCount / Shape[-1], table.Shape[2]);
        var each = positions.BroadcastTo(new Shape(Shape.Sizes[..^1])).Reshape(new Shape(rows));
        var angles = table.Reshape(table.Shape[0], 2 * size).Gather(each).Reshape(rows, 2, size);
        return Reshape(rows, Shape[-1]).Rotary(angles, headCount, headSize, 0, pairs).Reshape(Shape);
    }
}
