using System.Runtime.CompilerServices;

namespace SeqCore.Kernels.Elementwise;

/// <summary>Formulas that several operations share.</summary>
internal static class Formulas
{
    /// <summary>
    /// Returns the larger of x and a limit that is neither 0 nor NaN; NaN for NaN. A comparison and a selection, where T.Max
    /// takes seven instructions on AVX2 to treat zeros and NaN on both sides.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T AtLeast<T>(T x, float limit) where T : struct, ILane<T> =>
        T.WhereLess(x, T.Constant(limit), T.Constant(limit), x);

    /// <summary>Returns the smaller of x and a limit that is neither 0 nor NaN; NaN for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T AtMost<T>(T x, float limit) where T : struct, ILane<T> =>
        T.WhereLess(T.Constant(limit), x, T.Constant(limit), x);

    /// <summary>e^x - 1 for x up to 0, without cancellation: 2t / (1 - t) with t = tanh(x / 2).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T ExpMinusOne<T>(T x) where T : struct, ILane<T>
    {
        var t = T.Tanh(x * T.Constant(0.5f));
        return (t + t) / (T.Constant(1f) - t);
    }

    /// <summary>log(1 + x) for x in [0, 1]: the logarithm of the rounded sum, corrected by the rounding error.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T LogOnePlus<T>(T x) where T : struct, ILane<T>
    {
        var sum = T.Constant(1f) + x;
        return T.Log(sum) + (x - (sum - T.Constant(1f))) / sum;
    }

    /// <summary>
    /// x^y as e^(y log |x|) with the signs and special values of IEEE 754's pow. Relative error about 1e-7 (1 + |y log x|).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Power<T>(T x, T y) where T : struct, ILane<T>
    {
        var zero = T.Constant(0f);
        var one = T.Constant(1f);
        var size = T.Abs(x);
        var infinity = T.Constant(float.PositiveInfinity);

        // 1^y is 1 even if y is infinite or NaN; so is (-1)^y for infinite y, which counts as even.
        var magnitude = T.WhereEqual(size, one, one, T.Exp(y * T.Log(size)));
        var half = y * T.Constant(0.5f);
        var signed = T.WhereEqual(T.Floor(half), half, magnitude, T.CopySign(magnitude, x));
        var unlessReal = T.WhereEqual(x, zero, magnitude, T.WhereEqual(size, infinity, magnitude, T.Constant(float.NaN)));
        var negative = T.WhereEqual(T.Floor(y), y, signed, unlessReal);
        return T.WhereEqual(y, zero, one, T.WhereLess(zero, x, magnitude, negative));
    }
}
