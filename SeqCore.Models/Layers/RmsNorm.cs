namespace SeqCore.Models;

/// <summary>
/// Computes RMS normalisation, y = x / sqrt(mean(x^2) + epsilon) w, over the last axis (Zhang and Sennrich, "Root mean square
/// layer normalization", arXiv:1910.07467): a layer norm that neither centres nor shifts. Shapes: x and y (..., F), weight (F,).
/// </summary>
/// <remarks>
/// The squares are summed in single precision, as in PyTorch: where elements exceed about 1e19 in magnitude, their sum is
/// infinite and the result is 0.
/// </remarks>
public sealed class RmsNorm : NormLayer
{
    /// <summary>Makes a layer with weight 1.</summary>
    /// <param name="size">The number of features, F, at least 1.</param>
    /// <param name="epsilon">
    /// The number added to the mean square, above 0. Differs from torch.nn.RMSNorm, whose default is float32's epsilon, 1.19e-7:
    /// pass that for weights from there. Llama's files specify 1e-5 or 1e-6.
    /// </param>
    public RmsNorm(int size, float epsilon = 1e-6f) : this([size], epsilon)
    {
    }

    /// <summary>Makes a layer with weight 1 that normalises several last axes together.</summary>
    /// <param name="sizes">The sizes of these axes, PyTorch's <c>normalized_shape</c>, each at least 1.</param>
    /// <param name="epsilon">The number added to the mean square, above 0; 1e-6 by default.</param>
    public RmsNorm(ReadOnlySpan<int> sizes, float epsilon = 1e-6f)
    {
        var all = NormSizes.Of(Kind, sizes, sizes.Length == 1 ? "size" : nameof(sizes));
        Argument.Positive(epsilon, Kind, nameof(epsilon));
        Epsilon = epsilon;
        Weight = Register("weight", Tensor.Full(WeightLimit.For(Kind, all), 1f));
    }

    /// <summary>The weight w, shape (F,), or of the sizes of several axes.</summary>
    public Parameter Weight { get; }

    /// <summary>The number added to the mean square.</summary>
    public float Epsilon { get; }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The last axis of x is not F, or the last axes do not have the sizes.</exception>
    public override Variable Forward(Variable x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return Weight.Shape.Rank == 1
            ? x.RmsNorm(Weight, Epsilon)
            : NormSizes.Check(Kind, x, Weight.Shape).RmsNorm(Weight.Shape.Rank, Weight, Epsilon);
    }

    /// <inheritdoc/>
    public override (Variable Normalised, Variable Sum) Add(Variable x, Variable residual) =>
        Add(x, residual, null);

    /// <inheritdoc/>
    public override (Variable Normalised, Variable Sum) Add(Variable x, Variable residual, Dropout? dropout)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (Weight.Shape.Rank == 1)
            return x.AddRmsNorm(residual, Weight, Epsilon, dropout?.Current ?? 0f, dropout?.Random);
        var sum = (dropout?.Forward(x) ?? x) + residual;
        return (Forward(sum), sum);
    }
}
