namespace SeqCore.Models;

/// <summary>
/// y = (x - mean) / sqrt(variance + epsilon) w + b over the last axis (Ba, Kiros and Hinton, arXiv:1607.06450). Shapes: x and y
/// (..., F), weight and bias (F,).
/// </summary>
/// <remarks>
/// The squares are summed in single precision, as in PyTorch: where elements are above about 1e19 in size, their sum is infinite
/// and the result 0.
/// </remarks>
public sealed class LayerNorm : NormLayer
{
    /// <summary>A layer with weight 1 and bias 0.</summary>
    /// <param name="size">F, at least 1.</param>
    /// <param name="epsilon">Added to the variance, above 0.</param>
    /// <param name="bias">Whether there is a bias.</param>
    public LayerNorm(int size, float epsilon = 1e-5f, bool bias = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        Argument.Positive(epsilon, Kind, nameof(epsilon));
        Epsilon = epsilon;
        Weight = Register("weight", Tensor.Full(WeightRoom.For(Kind, size), 1f));
        Bias = bias ? Register("bias", Tensor.Zeros(WeightRoom.For(Kind, size))) : null;
    }

    /// <summary>Shape (F,).</summary>
    public Parameter Weight { get; }

    /// <summary>Shape (F,), or null.</summary>
    public Parameter? Bias { get; }

    /// <summary>Added to the variance.</summary>
    public float Epsilon { get; }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The last axis of x is not F.</exception>
    public override Variable Forward(Variable x) => x.LayerNorm(Weight, Bias, Epsilon);

    /// <inheritdoc/>
    public override (Variable Normalised, Variable Sum) Add(Variable x, Variable residual) =>
        x.AddLayerNorm(residual, Weight, Bias, Epsilon);
}
