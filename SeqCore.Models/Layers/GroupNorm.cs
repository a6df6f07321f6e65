namespace SeqCore.Models;

/// <summary>
/// Computes group normalisation, y = (x - mean) / sqrt(variance + epsilon) w + b, over the elements of a group of channels of an
/// example (Wu and He, arXiv:1803.08494). Shapes: x and y (B, C, ...), weight and bias (C,).
/// </summary>
public sealed class GroupNorm : Layer
{
    /// <summary>Makes a layer with weight 1 and bias 0.</summary>
    /// <param name="groups">
    /// The number of groups, at least 1, which divides the channels; as many as channels make an instance norm.
    /// </param>
    /// <param name="channels">The number of channels, C, at least 1.</param>
    /// <param name="epsilon">The number added to the variance, above 0; 1e-5 by default.</param>
    /// <param name="affine">Whether the layer has a weight and a bias; true by default.</param>
    public GroupNorm(int groups, int channels, float epsilon = 1e-5f, bool affine = true)
    {
        Groups = Argument.AtLeast(groups, Kind, nameof(groups));
        Argument.AtLeast(channels, Kind, nameof(channels));
        if (channels % groups != 0)
            throw new ArgumentException($"{Kind}: {groups} groups do not divide {channels} channels.", nameof(groups));
        Epsilon = Argument.Positive(epsilon, Kind, nameof(epsilon));
        if (!affine)
            return;
        Weight = Register("weight", Tensor.Full(WeightLimit.For(Kind, channels), 1f));
        Bias = Register("bias", Tensor.Zeros(WeightLimit.For(Kind, channels)));
    }

    /// <summary>The number of groups.</summary>
    public int Groups { get; }

    /// <summary>The weight w, shape (C,), or null.</summary>
    public Parameter? Weight { get; }

    /// <summary>The bias b, shape (C,), or null.</summary>
    public Parameter? Bias { get; }

    /// <summary>The number added to the variance.</summary>
    public float Epsilon { get; }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">Axis 1 of x is not C.</exception>
    public override Variable Forward(Variable x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.GroupNorm(Groups, Weight, Bias, Epsilon);
    }
}
