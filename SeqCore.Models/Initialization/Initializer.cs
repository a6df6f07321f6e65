namespace SeqCore.Models;

/// <summary>
/// First values for parameters, written in place over tensors that no tape has seen yet. Fans follow PyTorch: a weight of shape
/// (O, I, ...) has fan-in I times the rest and fan-out O times the rest. Arguments that would make values that are not finite are
/// an <see cref="ArgumentOutOfRangeException"/>, as is a negative gain of the methods with fans.
/// </summary>
public static class Initializer
{
    /// <summary>Uniform numbers in [low, high), both finite.</summary>
    public static Tensor Uniform(Tensor tensor, float low, float high, RandomGenerator random)
    {
        Check(tensor, random);
        if (!(low <= high && float.IsFinite(high - low)))
        {
            throw new ArgumentOutOfRangeException(nameof(high), high,
                $"Initializer.Uniform: low and high should be finite, and low not above high; got {low} and {high}.");
        }

        tensor.Backend.FillUniform(tensor.Span, random.Take(tensor.ElementCount), low, high);
        tensor.NoteWrite("Initializer.Uniform");
        return tensor;
    }

    /// <summary>Normal numbers; the mean is finite, and the standard deviation finite and at least 0.</summary>
    public static Tensor Normal(Tensor tensor, float mean, float standardDeviation, RandomGenerator random)
    {
        Check(tensor, random);
        CheckNormal(nameof(Normal), mean, standardDeviation);
        tensor.Backend.FillNormal(tensor.Span, random.Take(tensor.ElementCount), mean, standardDeviation);
        tensor.NoteWrite("Initializer.Normal");
        return tensor;
    }

    /// <summary>Normal numbers of those within two standard deviations of the mean.</summary>
    public static Tensor TruncatedNormal(Tensor tensor, float mean, float standardDeviation, RandomGenerator random)
    {
        Check(tensor, random);
        CheckNormal(nameof(TruncatedNormal), mean, standardDeviation);
        using var values = Tensor.RandomTruncatedNormal(tensor.Shape, random, mean, standardDeviation, backend: tensor.Backend);
        TensorCopy.Into(values, tensor);
        return tensor;
    }

    /// <summary>One value everywhere.</summary>
    public static Tensor Constant(Tensor tensor, float value)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        tensor.FillInPlace(value);
        return tensor;
    }

    /// <summary>
    /// U(-a, a), a = gain sqrt(6 / (fan-in + fan-out)) (Glorot and Bengio, "Understanding the difficulty of training deep
    /// feedforward neural networks", AISTATS 2010).
    /// </summary>
    public static Tensor XavierUniform(Tensor tensor, RandomGenerator random, float gain = 1f)
    {
        var (fanIn, fanOut) = Fans(tensor, nameof(XavierUniform), gain);
        var bound = (float)(gain * Math.Sqrt(6.0 / (fanIn + fanOut)));
        return Uniform(tensor, -bound, bound, random);
    }

    /// <summary>N(0, s^2), s = gain sqrt(2 / (fan-in + fan-out)) (Glorot and Bengio, AISTATS 2010).</summary>
    public static Tensor XavierNormal(Tensor tensor, RandomGenerator random, float gain = 1f)
    {
        var (fanIn, fanOut) = Fans(tensor, nameof(XavierNormal), gain);
        return Normal(tensor, 0f, (float)(gain * Math.Sqrt(2.0 / (fanIn + fanOut))), random);
    }

    /// <summary>
    /// U(-a, a), a = gain sqrt(3 / fan-in) (He, Zhang, Ren and Sun, "Delving deep into rectifiers", arXiv:1502.01852).
    /// </summary>
    /// <param name="tensor">A weight of shape (O, I, ...).</param>
    /// <param name="random">Where the numbers come from.</param>
    /// <param name="gain">sqrt(2) before a ReLU, 1 before nothing.</param>
    public static Tensor KaimingUniform(Tensor tensor, RandomGenerator random, float gain = 1.41421356f)
    {
        var bound = (float)(gain * Math.Sqrt(3.0 / Fans(tensor, nameof(KaimingUniform), gain).In));
        return Uniform(tensor, -bound, bound, random);
    }

    /// <summary>N(0, s^2), s = gain / sqrt(fan-in) (He, Zhang, Ren and Sun, arXiv:1502.01852).</summary>
    /// <param name="tensor">A weight of shape (O, I, ...).</param>
    /// <param name="random">Where the numbers come from.</param>
    /// <param name="gain">sqrt(2) before a ReLU, 1 before nothing.</param>
    public static Tensor KaimingNormal(Tensor tensor, RandomGenerator random, float gain = 1.41421356f) =>
        Normal(tensor, 0f, (float)(gain / Math.Sqrt(Fans(tensor, nameof(KaimingNormal), gain).In)), random);

    /// <summary>
    /// Rows (or columns, if there are fewer) that are orthogonal to each other and of length gain, uniform over all such (Saxe,
    /// McClelland and Ganguli, "Exact solutions to the nonlinear dynamics of learning in deep linear neural networks",
    /// arXiv:1312.6120).
    /// </summary>
    /// <param name="tensor">Shape (O, ...), taken as a matrix of O rows.</param>
    /// <param name="random">Where the numbers come from.</param>
    /// <param name="gain">Length of each row or column.</param>
    public static Tensor Orthogonal(Tensor tensor, RandomGenerator random, float gain = 1f)
    {
        Check(tensor, random);
        Argument.Finite(gain, $"Initializer.{nameof(Orthogonal)}", nameof(gain));
        if (tensor.Rank < 2)
            throw ShapeException.Wrong(nameof(Orthogonal), "tensor", "(O, I, ...)", tensor.Shape);
        if (tensor.ElementCount == 0)
            return tensor;
        Normal(tensor, 0f, 1f, random);
        var values = OrthogonalRows.From(tensor.ToArray(), tensor.Shape[0], gain);
        tensor.Backend.Upload<float>(values, tensor.Span);
        return tensor;
    }

    private static (double In, double Out) Fans(Tensor tensor, string operation, float gain)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        Argument.NotNegative(gain, $"Initializer.{operation}", nameof(gain));
        if (tensor.Rank < 2)
        {
            throw ShapeException.Wrong(operation, "tensor", "(O, I, ...)", tensor.Shape, null,
                "fans are defined for weights of two axes or more");
        }

        var rest = 1.0;
        for (var i = 2; i < tensor.Rank; i++)
            rest *= tensor.Shape[i];
        return (tensor.Shape[1] * rest, tensor.Shape[0] * rest);
    }

    private static void CheckNormal(string operation, float mean, float standardDeviation)
    {
        Argument.Finite(mean, $"Initializer.{operation}", nameof(mean));
        Argument.NotNegative(standardDeviation, $"Initializer.{operation}", nameof(standardDeviation));
    }

    private static void Check(Tensor tensor, RandomGenerator random)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentNullException.ThrowIfNull(random);
    }
}
