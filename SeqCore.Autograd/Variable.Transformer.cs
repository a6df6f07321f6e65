using SeqCore.Functions;
using SeqCore.Kernels;

namespace SeqCore;

public partial class Variable
{
    /// <summary>
    /// x / sqrt(mean(x^2) + epsilon) w along the last axis (Zhang and Sennrich, "Root mean square layer normalization",
    /// arXiv:1910.07467). This is x, shape (..., D).
    /// </summary>
    /// <remarks>
    /// The squares are summed in single precision, as in PyTorch: where elements are above about 1e19 in size, their sum is
    /// infinite and the result 0.
    /// </remarks>
    /// <param name="weight">w, shape (D,); null for 1.</param>
    /// <param name="epsilon">Added to the mean square, finite and at least 0.</param>
    /// <exception cref="ShapeException">A shape is not as above.</exception>
    public Variable RmsNorm(Variable? weight = null, float epsilon = 1e-6f) =>
        new RmsNormFunction(this, null, weight, epsilon).Apply();

    /// <summary>
    /// x + residual and its <see cref="LayerNorm"/> in one pass, forward and backward. This is x, shape (..., D).
    /// </summary>
    /// <param name="residual">Shape (..., D), the same.</param>
    /// <param name="weight">w, shape (D,); null for 1.</param>
    /// <param name="bias">b, shape (D,); null for 0.</param>
    /// <param name="epsilon">Added to the variance, finite and at least 0.</param>
    /// <exception cref="ShapeException">A shape is not as above.</exception>
    public (Variable Normalised, Variable Sum) AddLayerNorm(Variable residual, Variable? weight = null, Variable? bias = null,
        float epsilon = 1e-5f)
    {
        ArgumentNullException.ThrowIfNull(residual);
        var results = new LayerNormFunction(this, residual, weight, bias, epsilon).ApplyMany();
        return (results[0], results[1]);
    }

    /// <summary>
    /// x + residual and its <see cref="RmsNorm"/> in one pass, forward and backward. This is x, shape (..., D).
    /// </summary>
    /// <param name="residual">Shape (..., D), the same.</param>
    /// <param name="weight">w, shape (D,); null for 1.</param>
    /// <param name="epsilon">Added to the mean square, finite and at least 0.</param>
    /// <exception cref="ShapeException">A shape is not as above.</exception>
    public (Variable Normalised, Variable Sum) AddRmsNorm(Variable residual, Variable? weight = null, float epsilon = 1e-6f)
    {
        ArgumentNullException.ThrowIfNull(residual);
        var results = new RmsNormFunction(this, residual, weight, epsilon).ApplyMany();
        return (results[0], results[1]);
    }

    /// <summary>
    /// silu(a) b, where the last axis holds a and then b (Shazeer, "GLU variants improve Transformer", arXiv:2002.05202): one
    /// linear layer makes both. This is x, shape (..., 2F).
    /// </summary>
    /// <returns>Shape (..., F).</returns>
    /// <exception cref="ShapeException">The last axis is odd.</exception>
    public Variable SwiGlu() => new SwiGluFunction(this).Apply();

    /// <summary>
    /// Rotary positions (Su et al., "RoFormer", arXiv:2104.09864): pair j of each head at position p is turned by p theta_j. The
    /// elements of a head beyond the first R stay as they are. This is x, shape (..., T, C): the first heads of each
    /// step are turned and the rest is copied, so that packed q, k and v can be given whole; heads apart are C
    /// = K wide, one head.
    /// </summary>
    /// <param name="table">Shape (P, 2, R) from <see cref="RotaryTable"/>; R is at most the head's size and even.</param>
    /// <param name="headCount">Heads that are turned.</param>
    /// <param name="headSize">K, elements of a head.</param>
    /// <param name="firstPosition">Position of the first step: the number of steps that a cache holds already.</param>
    /// <param name="pairs">How elements are paired, as in the table.</param>
    /// <returns>Shape (..., T, C).</returns>
    /// <exception cref="ShapeException">A shape is not as above, or the table ends before the last position.</exception>
    public Variable Rotary(Tensor table, int headCount, int headSize, int firstPosition = 0,
        RotaryPairs pairs = RotaryPairs.HalfSplit)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(headCount);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(headSize);
        ArgumentOutOfRangeException.ThrowIfNegative(firstPosition);
        return new RotaryFunction(this, table, headCount, headSize, firstPosition, pairs).Apply();
    }
}
