namespace SeqCore;

// Normalisations over other axes than the last: each brings its elements together in rows, for the kernel of LayerNorm.
public partial class Variable
{
    /// <summary>
    /// Computes layer normalisation along several last axes together, as <see cref="LayerNorm(Variable?, Variable?, float)"/>
    /// does along one; PyTorch's layer_norm with a <c>normalized_shape</c> of several sizes.
    /// </summary>
    /// <param name="axes">The number of last axes that are normalised together, at least 1.</param>
    /// <param name="weight">The weight w, of the sizes of these axes; null for ones.</param>
    /// <param name="bias">The bias b, of the same shape; null for zeros.</param>
    /// <param name="epsilon">The number added to the variance, finite and at least 0.</param>
    /// <exception cref="ShapeException">A tensor does not have the required shape.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many axes.</exception>
    public Variable LayerNorm(int axes, Variable? weight = null, Variable? bias = null, float epsilon = 1e-5f)
    {
        var (rows, flatWeight) = LastAxes(nameof(LayerNorm), axes, weight, "weight");
        var (_, flatBias) = LastAxes(nameof(LayerNorm), axes, bias, "bias");
        return rows.LayerNorm(flatWeight, flatBias, epsilon).Reshape(Shape);
    }

    /// <summary>
    /// Computes RMS normalisation along several last axes together, as <see cref="RmsNorm(Variable?, float)"/> does along one.
    /// </summary>
    /// <param name="axes">The number of last axes that are normalised together, at least 1.</param>
    /// <param name="weight">The weight w, of the sizes of these axes; null for ones.</param>
    /// <param name="epsilon">The number added to the mean square, finite and at least 0.</param>
    /// <exception cref="ShapeException">A tensor does not have the required shape.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many axes.</exception>
    public Variable RmsNorm(int axes, Variable? weight = null, float epsilon = 1e-6f)
    {
        var (rows, flatWeight) = LastAxes(nameof(RmsNorm), axes, weight, "weight");
        return rows.RmsNorm(flatWeight, epsilon).Reshape(Shape);
    }

    /// <summary>
    /// Computes group normalisation: the channels are divided into groups, and each example's elements of a group are normalised
    /// together, (x - mean) / sqrt(variance + epsilon) w + b (Wu and He, "Group normalization", arXiv:1803.08494). This variable
    /// is x, shape (B, C, ...).
    /// </summary>
    /// <param name="groups">The number of groups, which divides C; C of them make an <see cref="InstanceNorm"/>.</param>
    /// <param name="weight">The weight w of each channel, shape (C,); null for ones.</param>
    /// <param name="bias">The bias b of each channel, shape (C,); null for zeros.</param>
    /// <param name="epsilon">The number added to the variance, finite and at least 0.</param>
    /// <exception cref="ShapeException">A tensor does not have the required shape, or the groups do not divide C.</exception>
    public Variable GroupNorm(int groups, Variable? weight = null, Variable? bias = null, float epsilon = 1e-5f)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(groups, 1);
        if (Shape.Rank < 2 || Shape[1] % groups != 0)
            throw ShapeException.Wrong(nameof(GroupNorm), "x", $"(B, C, ...) with C a multiple of {groups}", Shape);
        var rows = Shape[0] * groups;
        var normalised = Reshape(rows, rows == 0 ? 0 : Shape.ElementCount / rows).LayerNorm(null, null, epsilon).Reshape(Shape);
        return PerChannel(normalised, 1, weight, bias, nameof(GroupNorm));
    }

    /// <summary>
    /// Computes instance normalisation, which normalises each channel of each example by itself: a <see cref="GroupNorm"/> with a
    /// group for each channel. This variable is x, shape (B, C, ...).
    /// </summary>
    /// <param name="weight">The weight of each channel, shape (C,); null for ones.</param>
    /// <param name="bias">The bias of each channel, shape (C,); null for zeros.</param>
    /// <param name="epsilon">The number added to the variance, finite and at least 0.</param>
    /// <exception cref="ShapeException">A tensor does not have the required shape.</exception>
    public Variable InstanceNorm(Variable? weight = null, Variable? bias = null, float epsilon = 1e-5f)
    {
        if (Shape.Rank < 2)
            throw ShapeException.Wrong(nameof(InstanceNorm), "x", "(B, C, ...)", Shape);
        return GroupNorm(Math.Max(1, Shape[1]), weight, bias, epsilon);
    }

    /// <summary>
    /// Computes batch normalisation by the statistics of this batch: the elements of each channel are normalised together, (x -
    /// mean) / sqrt(variance + epsilon) w + b (Ioffe and Szegedy, arXiv:1502.03167). This variable is x, shape (B, C, ...), or
    /// with the channels on another axis.
    /// </summary>
    /// <param name="weight">The weight w of each channel, shape (C,); null for ones.</param>
    /// <param name="bias">The bias b of each channel, shape (C,); null for zeros.</param>
    /// <param name="epsilon">The number added to the variance, finite and at least 0.</param>
    /// <param name="channelAxis">The axis of the channels; -1 for (B, T, C).</param>
    /// <exception cref="ShapeException">A tensor does not have the required shape.</exception>
    public Variable BatchNorm(Variable? weight = null, Variable? bias = null, float epsilon = 1e-5f, int channelAxis = 1)
    {
        if (Shape.Rank < 2)
            throw ShapeException.Wrong(nameof(BatchNorm), "x", "(B, C, ...)", Shape);
        var axis = Shape.Axis(channelAxis);
        int[] order = [axis, .. Enumerable.Range(0, Shape.Rank).Where(i => i != axis)];
        int[] back = [.. Enumerable.Range(0, Shape.Rank).Select(i => Array.IndexOf(order, i))];
        var moved = Permute(order);
        var channels = Shape[axis];
        var rows = moved.Reshape(channels, channels == 0 ? 0 : Shape.ElementCount / channels);
        var normalised = rows.LayerNorm(null, null, epsilon).Reshape(moved.Shape).Permute(back);
        return PerChannel(normalised, axis, weight, bias, nameof(BatchNorm));
    }

    private static Variable PerChannel(Variable x, int axis, Variable? weight, Variable? bias, string name)
    {
        var sizes = Enumerable.Repeat(1, x.Shape.Rank).ToArray();
        sizes[axis] = x.Shape[axis];
        Check(weight, "weight");
        Check(bias, "bias");
        if (weight is not null)
            x *= weight.Reshape(new Shape(sizes));
        return bias is null ? x : x + bias.Reshape(new Shape(sizes));

        void Check(Variable? vector, string what)
        {
            if (vector is not null && !vector.Shape.Equals(new Shape(x.Shape[axis])))
                throw ShapeException.Wrong(name, what, $"(C,) = ({x.Shape[axis]},)", vector.Shape, $"x is {x.Shape}");
        }
    }

    /// <summary>Merges some last axes of this variable and all of a parameter that has their sizes.</summary>
    private (Variable Rows, Variable? Flat) LastAxes(string name, int axes, Variable? parameter, string what)
    {
        if (axes < 1 || axes > Shape.Rank)
        {
            throw new ArgumentOutOfRangeException(nameof(axes), axes,
                $"{name}: the number of axes should be from 1 to {Shape.Rank}, because x is {Shape}.");
        }

        var sizes = new Shape(Shape.Sizes[^axes..]);
        if (parameter is not null && !parameter.Shape.Equals(sizes))
            throw ShapeException.Wrong(name, what, sizes.ToString(), parameter.Shape, $"x is {Shape}");
        var rows = Reshape(new Shape([.. Shape.Sizes[..^axes], sizes.ElementCount]));
        return (rows, parameter?.Reshape(new Shape(sizes.ElementCount)));
    }
}
