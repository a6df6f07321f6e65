namespace SeqCore.Models;

/// <summary>
/// Fills parameters with initial values, in place, in tensors that no tape has used yet. Fans are as in PyTorch: a weight of
/// shape (O, I, ...) has fan-in I times the product of the rest and fan-out O times that product. Arguments that would give
/// values that are not finite, or a negative gain in the methods with fans, cause an <see cref="ArgumentOutOfRangeException"/>.
/// </summary>
public static class Initializer
{
    /// <summary>Fills a tensor with uniform numbers in [low, high), both finite.</summary>
    public static Tensor Uniform(Tensor tensor, float low, float high, RandomGenerator random)
    {
        Check(tensor, random);
        if (!(low <= high && float.IsFinite(high - low)))
        {
            throw new ArgumentOutOfRangeException(nameof(high), high,
                $"Initializer.Uniform: low and high should be finite, and low at most high; got {low} and {high}.");
        }

        tensor.Backend.FillUniform(tensor.Span, random.Take(tensor.ElementCount), low, high);
        tensor.NoteWrite("Initializer.Uniform");
        return tensor;
    }

    /// <summary>Fills a tensor with normal numbers of a finite mean and a finite standard deviation of at least 0.</summary>
    public static Tensor Normal(Tensor tensor, float mean, float standardDeviation, RandomGenerator random)
    {
        Check(tensor, random);
        CheckNormal(nameof(Normal), mean, standardDeviation);
        tensor.Backend.FillNormal(tensor.Span, random.Take(tensor.ElementCount), mean, standardDeviation);
        tensor.NoteWrite("Initializer.Normal");
        return tensor;
    }

    /// <summary>
    /// Fills a tensor with numbers from a normal distribution that is truncated at two standard deviations from the mean.
    /// </summary>
    public static Tensor TruncatedNormal(Tensor tensor, float mean, float standardDeviation, RandomGenerator random)
    {
        Check(tensor, random);
        CheckNormal(nameof(TruncatedNormal), mean, standardDeviation);
        using var values = Tensor.RandomTruncatedNormal(tensor.Shape, random, mean, standardDeviation, backend: tensor.Backend);
        TensorCopy.Into(values, tensor);
        return tensor;
    }

    /// <summary>Fills a tensor with one value.</summary>
    public static Tensor Constant(Tensor tensor, float value)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        tensor.FillInPlace(value);
        return tensor;
    }

    /// <summary>
    /// Fills a weight with U(-a, a), a = gain sqrt(6 / (fan-in + fan-out)) (Glorot and Bengio, "Understanding the difficulty of
    /// training deep feedforward neural networks", AISTATS 2010).
    /// </summary>
    public static Tensor XavierUniform(Tensor tensor, RandomGenerator random, float gain = 1f)
    {
        var (fanIn, fanOut) = Fans(tensor, nameof(XavierUniform), gain);
        var bound = (float)(gain * Math.Sqrt(6.0 / (fanIn + fanOut)));
        return Uniform(tensor, -bound, bound, random);
    }

    /// <summary>Fills a weight with N(0, s^2), s = gain sqrt(2 / (fan-in + fan-out)) (Glorot and Bengio, AISTATS 2010).</summary>
    public static Tensor XavierNormal(Tensor tensor, RandomGenerator random, float gain = 1f)
    {
        var (fanIn, fanOut) = Fans(tensor, nameof(XavierNormal), gain);
        return Normal(tensor, 0f, (float)(gain * Math.Sqrt(2.0 / (fanIn + fanOut))), random);
    }

    /// <summary>
    /// Fills a weight with U(-a, a), a = gain sqrt(3 / fan-in) (He, Zhang, Ren and Sun, "Delving deep into rectifiers",
    /// arXiv:1502.01852).
    /// </summary>
    /// <param name="tensor">The weight, shape (O, I, ...).</param>
    /// <param name="random">The generator that draws the numbers.</param>
    /// <param name="gain">The gain, at least 0: sqrt(2) before a ReLU, 1 without an activation.</param>
    public static Tensor KaimingUniform(Tensor tensor, RandomGenerator random, float gain = 1.41421356f)
    {
        var bound = (float)(gain * Math.Sqrt(3.0 / Fans(tensor, nameof(KaimingUniform), gain).In));
        return Uniform(tensor, -bound, bound, random);
    }

    /// <summary>Fills a weight with N(0, s^2), s = gain / sqrt(fan-in) (He, Zhang, Ren and Sun, arXiv:1502.01852).</summary>
    /// <param name="tensor">The weight, shape (O, I, ...).</param>
    /// <param name="random">The generator that draws the numbers.</param>
    /// <param name="gain">The gain, at least 0: sqrt(2) before a ReLU, 1 without an activation.</param>
    public static Tensor KaimingNormal(Tensor tensor, RandomGenerator random, float gain = 1.41421356f) =>
        Normal(tensor, 0f, (float)(gain / Math.Sqrt(Fans(tensor, nameof(KaimingNormal), gain).In)), random);

    /// <summary>
    /// Fills a weight with rows (or columns, if there are fewer) that are orthogonal to each other and of length gain, uniformly
    /// distributed (Saxe, McClelland and Ganguli, "Exact solutions to the nonlinear dynamics of learning in deep linear neural
    /// networks", arXiv:1312.6120).
    /// </summary>
    /// <param name="tensor">The weight, shape (O, ...), taken as a matrix of O rows.</param>
    /// <param name="random">The generator that draws the numbers.</param>
    /// <param name="gain">The length of each row or column.</param>
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
