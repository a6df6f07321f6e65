using SeqCore.Kernels;

namespace SeqCore;

public sealed partial class Tensor
{
    /// <summary>Uniform numbers in [low, high).</summary>
    public static Tensor RandomUniform(Shape shape, RandomGenerator random, float low = 0f, float high = 1f,
        Backend? backend = null)
    {
        ArgumentNullException.ThrowIfNull(random);
        if (!(low <= high) || !float.IsFinite(high - low))
            throw new ArgumentException($"RandomUniform: low should not be above high, and both finite; got {low} and {high}.");
        var result = Uninitialized(shape, backend);
        result.Backend.FillUniform(result.Span, random.Take(result.ElementCount), low, high);
        return result;
    }

    /// <summary>Normal numbers.</summary>
    public static Tensor RandomNormal(Shape shape, RandomGenerator random, float mean = 0f, float standardDeviation = 1f,
        Backend? backend = null)
    {
        ArgumentNullException.ThrowIfNull(random);
        CheckDeviation(standardDeviation, "RandomNormal");
        var result = Uninitialized(shape, backend);
        result.Backend.FillNormal(result.Span, random.Take(result.ElementCount), mean, standardDeviation);
        return result;
    }

    /// <summary>Normal numbers of those between low and high: the others are never drawn.</summary>
    /// <param name="shape">Of the result.</param>
    /// <param name="random">Where the numbers come from.</param>
    /// <param name="mean">Of the normal distribution before the ends are cut off.</param>
    /// <param name="standardDeviation">Of the normal distribution before the ends are cut off.</param>
    /// <param name="low">The least number; two standard deviations below the mean if null.</param>
    /// <param name="high">The greatest number; two standard deviations above the mean if null.</param>
    /// <param name="backend">Where the tensor is made.</param>
    public static Tensor RandomTruncatedNormal(Shape shape, RandomGenerator random, float mean = 0f, float standardDeviation = 1f,
        float? low = null, float? high = null, Backend? backend = null)
    {
        ArgumentNullException.ThrowIfNull(random);
        CheckDeviation(standardDeviation, "RandomTruncatedNormal");
        var from = low ?? mean - 2f * standardDeviation;
        var to = high ?? mean + 2f * standardDeviation;
        if (!(from <= to) || !float.IsFinite(to - from))
        {
            throw new ArgumentException("RandomTruncatedNormal: low should not be above high, and both finite;"
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
            throw new ArgumentException($"{operation}: the standard deviation should be 0 or more, and finite;"
                + $" got {standardDeviation}.");
        }
    }
}
