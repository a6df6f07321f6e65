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

    /// <summary>min(max(x + 3, 0), 6) / 6</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Hardsigmoid<T>(T x) where T : struct, ILane<T> =>
        T.Min(T.Max(x + T.Constant(3f), T.Constant(0f)), T.Constant(6f)) * T.Constant(1f / 6f);

    /// <summary>ln 2</summary>
    internal const float Ln2 = 0.69314718f;

    /// <summary>
    /// log(1 + x) for every x: the logarithm of the rounded sum, corrected by the rounding error. Error at most 2 ulp; -infinity
    /// at -1, NaN below, -0 for -0.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Log1p<T>(T x) where T : struct, ILane<T>
    {
        T zero = T.Constant(0f), one = T.Constant(1f);
        var sum = one + x;
        var log = T.Log(sum);
        var corrected = log + (x - (sum - one)) / sum;
        corrected = T.WhereLess(zero, sum, T.WhereLess(sum, T.Constant(float.PositiveInfinity), corrected, log), log);
        return T.WhereEqual(x, zero, x, corrected);
    }

    /// <summary>e^x - 1 for every x. Error at most 2.5 ulp; -0 for -0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Expm1<T>(T x) where T : struct, ILane<T>
    {
        // x + x^2 / 2 + x^3 p(x) for |x| < 0.7, relative error 1.6e-9.
        var bound = T.Constant(0.7f);
        var p = T.Constant(2.4821287e-5f);
        p = T.MultiplyAdd(p, x, T.Constant(2.0093781e-4f));
        p = T.MultiplyAdd(p, x, T.Constant(0.0013889929f));
        p = T.MultiplyAdd(p, x, T.Constant(0.008332652f));
        p = T.MultiplyAdd(p, x, T.Constant(0.04166664f));
        p = T.MultiplyAdd(p, x, T.Constant(0.16666672f));
        p = T.MultiplyAdd(p, x, T.Constant(0.5f));
        var small = T.WhereEqual(x, T.Constant(0f), x, T.MultiplyAdd(p * x, x, x));
        return T.WhereLess(T.Abs(x), bound, small, T.Exp(x) - T.Constant(1f));
    }

    /// <summary>e^x / 2 for x from 0 on; infinite only where the result is. Error at most 2 ulp.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T HalfExp<T>(T x) where T : struct, ILane<T> =>
        T.Exp(x - T.Constant(0.75f)) * T.Constant(1.0585f);

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
