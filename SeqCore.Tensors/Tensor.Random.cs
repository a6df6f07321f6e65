using SeqCore.Kernels;

namespace SeqCore;

public sealed partial class Tensor
{
    /// <summary>Draws uniform numbers in [low, high).</summary>
    public static Tensor RandomUniform(Shape shape, RandomGenerator random, float low = 0f, float high = 1f,
        Backend? backend = null)
    {
        ArgumentNullException.ThrowIfNull(random);
        if (!(low <= high) || !float.IsFinite(high - low))
            throw new ArgumentException($"RandomUniform: low and high should be finite, low at most high; got {low} and {high}.");
        var result = Uninitialized(shape, backend);
        result.Backend.FillUniform(result.Span, random.Take(result.ElementCount), low, high);
        return result;
    }

    /// <summary>Draws normally distributed numbers.</summary>
    public static Tensor RandomNormal(Shape shape, RandomGenerator random, float mean = 0f, float standardDeviation = 1f,
        Backend? backend = null)
    {
        ArgumentNullException.ThrowIfNull(random);
        CheckDeviation(standardDeviation, "RandomNormal");
        var result = Uninitialized(shape, backend);
        result.Backend.FillNormal(result.Span, random.Take(result.ElementCount), mean, standardDeviation);
        return result;
    }

    /// <summary>Draws numbers from a normal distribution that is truncated to [low, high]; no numbers are rejected.</summary>
    /// <param name="shape">The shape of the result.</param>
    /// <param name="random">The generator that draws the numbers.</param>
    /// <param name="mean">The mean of the normal distribution before truncation.</param>
    /// <param name="standardDeviation">The standard deviation of the normal distribution before truncation.</param>
    /// <param name="low">The lower bound; two standard deviations below the mean if null.</param>
    /// <param name="high">The upper bound; two standard deviations above the mean if null.</param>
    /// <param name="backend">The backend on which the tensor is made; null for the default.</param>
    public static Tensor RandomTruncatedNormal(Shape shape, RandomGenerator random, float mean = 0f, float standardDeviation = 1f,
        float? low = null, float? high = null, Backend? backend = null)
    {
        ArgumentNullException.ThrowIfNull(random);
        CheckDeviation(standardDeviation, "RandomTruncatedNormal");
        var from = low ?? mean - 2f * standardDeviation;
        var to = high ?? mean + 2f * standardDeviation;
        if (!(from <= to) || !float.IsFinite(to - from))
        {
            throw new ArgumentException("RandomTruncatedNormal: low and high should be finite, low at most high;"
                + $" got {from} and {to}.");
        }

        var operation = new TruncatedNormal(mean, standardDeviation, from, to);
        var result = Uninitialized(shape, backend);
        result.Backend.FillUniform(result.Span, random.Take(result.ElementCount), operation.LowestQuantile,
            operation.HighestQuantile);
        result.MapInPlace(operation);
        return result;
    }

    private static void CheckDeviation(float standardDeviation, string operation)
    {
        if (!(standardDeviation >= 0f) || float.IsInfinity(standardDeviation))
        {
            throw new ArgumentException($"{operation}: the standard deviation should be finite and at least 0;"
                + $" got {standardDeviation}.");
        }
    }
}
