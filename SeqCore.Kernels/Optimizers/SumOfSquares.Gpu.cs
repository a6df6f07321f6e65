using ILGPU.Algorithms;

namespace SeqCore.Kernels.Optimizers;

/// <summary>A sum of squares of floats, with more digits than a float has.</summary>
internal interface ISumOfSquares<TSelf> : ITeamValue<TSelf> where TSelf : struct
{
    /// <summary>Returns the sum with x^2 added.</summary>
    TSelf PlusSquare(float x);

    /// <summary>Returns the square root of the sum.</summary>
    float Root();

    /// <summary>Returns min(1, maxNorm / (root + 1e-6)), or NaN if the root is not finite.</summary>
    float Factor(float maxNorm);
}

/// <summary>A sum in double, as on the CPU.</summary>
internal struct SquaresInDouble : ISumOfSquares<SquaresInDouble>
{
    private double sum;

    public readonly SquaresInDouble PlusSquare(float x) => new() { sum = sum + (double)x * x };

    public readonly SquaresInDouble Combine(SquaresInDouble other) => new() { sum = sum + other.sum };

    public readonly float Root() => (float)XMath.Sqrt(sum);

    public readonly float Factor(float maxNorm)
    {
        var factor = maxNorm / (XMath.Sqrt(sum) + 1e-6);
        return sum < double.PositiveInfinity ? factor < 1.0 ? (float)factor : 1f : float.NaN;
    }
}

/// <summary>
/// A sum in two floats, for devices without doubles: a sum and its rounding error. (Rounding errors of a sum: D. E. Knuth, The
/// Art of Computer Programming, volume 2.) Squares above 3.4e38 are infinite here.
/// </summary>
internal struct SquaresInPairs : ISumOfSquares<SquaresInPairs>
{
    private float high;
    private float low;

    public readonly SquaresInPairs PlusSquare(float x)
    {
        // A plain product would be fused with the sum; adding -0 changes no product.
        var square = GpuIntrinsics.FusedMultiplyAdd(x, x, -0f);
        return Plus(square, GpuIntrinsics.FusedMultiplyAdd(x, x, -square));
    }

    public readonly SquaresInPairs Combine(SquaresInPairs other) => Plus(other.high, other.low);

    public readonly float Root() => XMath.Sqrt(high < float.PositiveInfinity ? high + low : high);

    public readonly float Factor(float maxNorm)
    {
        var factor = maxNorm / (Root() + 1e-6f);
        return high < float.PositiveInfinity ? factor < 1f ? factor : 1f : float.NaN;
    }

    private readonly SquaresInPairs Plus(float otherHigh, float otherLow)
    {
        var sum = high + otherHigh;
        var added = sum - high;
        var error = (high - (sum - added)) + (otherHigh - added);
        return new() { high = sum, low = low + otherLow + error };
    }
}
