namespace SeqCore.Models;

/// <summary>
/// Computes layer normalisation, y = (x - mean) / sqrt(variance + epsilon) w + b, over the last axis (Ba, Kiros and Hinton,
/// arXiv:1607.06450), or over several last axes together. Shapes: x and y (..., F), weight and bias (F,).
/// </summary>
/// <remarks>
/// The squares are summed in single precision, as in PyTorch: where elements exceed about 1e19 in magnitude, their sum is
/// infinite and the result is 0.
/// </remarks>
public sealed class LayerNorm : NormLayer
{
    /// <summary>Makes a layer with weight 1 and bias 0.</summary>
    /// <param name="size">The number of features, F, at least 1.</param>
    /// <param name="epsilon">The number added to the variance, above 0; 1e-5 by default.</param>
    /// <param name="bias">Whether the layer has a bias; true by default.</param>
    public LayerNorm(int size, float epsilon = 1e-5f, bool bias = true) : this([size], epsilon, bias)
    {
    }

    /// <summary>Makes a layer with weight 1 and bias 0 that normalises several last axes together.</summary>
    /// <param name="sizes">The sizes of these axes, PyTorch's <c>normalized_shape</c>, each at least 1.</param>
    /// <param name="epsilon">The number added to the variance, above 0; 1e-5 by default.</param>
    /// <param name="bias">Whether the layer has a bias; true by default.</param>
    public LayerNorm(ReadOnlySpan<int> sizes, float epsilon = 1e-5f, bool bias = true)
    {
        var all = NormSizes.Of(Kind, sizes, sizes.Length == 1 ? "size" : nameof(sizes));
        Argument.Positive(epsilon, Kind, nameof(epsilon));
        Epsilon = epsilon;
        Weight = Register("weight", Tensor.Full(WeightLimit.For(Kind, all), 1f));
        Bias = bias ? Register("bias", Tensor.Zeros(WeightLimit.For(Kind, all))) : null;
    }

    /// <summary>The weight w, shape (F,), or of the sizes of several axes.</summary>
    public Parameter Weight { get; }

    /// <summary>The bias b, of the same shape as the weight, or null.</summary>
    public Parameter? Bias { get; }

    /// <summary>The number added to the variance.</summary>
    public float Epsilon { get; }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The last axis of x is not F, or the last axes do not have the sizes.</exception>
    public override Variable Forward(Variable x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return Weight.Shape.Rank == 1
            ? x.LayerNorm(Weight, Bias, Epsilon)
            : NormSizes.Check(Kind, x, Weight.Shape).LayerNorm(Weight.Shape.Rank, Weight, Bias, Epsilon);
    }

    /// <inheritdoc/>
    public override (Variable Normalised, Variable Sum) Add(Variable x, Variable residual) =>
        Add(x, residual, null);

    /// <inheritdoc/>
    public override (Variable Normalised, Variable Sum) Add(Variable x, Variable residual, Dropout? dropout)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (Weight.Shape.Rank == 1)
            return x.AddLayerNorm(residual, Weight, Bias, Epsilon, dropout?.Current ?? 0f, dropout?.Random);
        var sum = (dropout?.Forward(x) ?? x) + residual;
        return (Forward(sum), sum);
    }
}
