using System.Runtime.CompilerServices;

namespace SeqCore.Kernels;

internal static unsafe partial class Elementary
{
    /// <summary>The largest |x| whose multiple of pi / 2 has 13 bits, with some room.</summary>
    internal const float MostForQuarterTurns = 8192f;

    /// <summary>The sine. Error at most 1.6 ulp for every finite x, however large; NaN for infinities and NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Sin<T>(T x) where T : struct, IVectorLane<T>
    {
        var r = T.QuarterTurns(x, out var n);
        return T.WhereEqual(x, T.Constant(0f), x, SinAfterTurns(r, n));
    }

    /// <summary>The cosine. Error at most 1.6 ulp for every finite x, however large; NaN for infinities and NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Cos<T>(T x) where T : struct, IVectorLane<T>
    {
        var r = T.QuarterTurns(x, out var n);
        return SinAfterTurns(r, n + T.Constant(1f));
    }

    /// <summary>The tangent. Error at most 3.2 ulp for every finite x, however large; NaN for infinities and NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Tan<T>(T x) where T : struct, IVectorLane<T>
    {
        var r = T.QuarterTurns(x, out var n);
        var (sin, cos) = SinCosOfEighth(r);
        var isEven = n - T.Constant(2f) * T.Floor(n * T.Constant(0.5f));
        var zero = T.Constant(0f);
        var tan = T.WhereEqual(isEven, zero, sin, -cos) / T.WhereEqual(isEven, zero, cos, sin);
        return T.WhereEqual(x, zero, x, tan);
    }

    /// <summary>
    /// x = n pi / 2 + r with |r| up to pi / 4 and a little more: n is the nearest integer (where |x| exceeds 8192, its remainder
    /// modulo 4), r has a relative error of 1.3e-7. r is NaN for infinities and NaN. For lanes of the CPU.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T QuarterTurns<T>(T x, out T n) where T : struct, IVectorLane<T>
    {
        var r = QuarterTurnsOfSmall(x, out n);
        T zero = T.Constant(0f), one = T.Constant(1f);
        var isLarge = T.WhereLessOrEqual(T.Abs(x), T.Constant(MostForQuarterTurns), zero, one);
        return T.MaxElement(isLarge) == 0f ? r : QuarterTurnsOfSome(x, r, ref n);
    }

    /// <summary>The same for |x| up to 8192.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T QuarterTurnsOfSmall<T>(T x, out T n) where T : struct, IVectorLane<T>
    {
        // pi / 2 in four parts: n has 13 bits and the first three parts 8, 11 and 11, so that their products with n are exact,
        // and so are the first two differences.
        n = T.Round(x * T.Constant(0.63661977f));
        var r = T.MultiplyAdd(n, T.Constant(-1.5703125f), x);
        r = T.MultiplyAdd(n, T.Constant(-4.8375130e-4f), r);
        r = T.MultiplyAdd(n, T.Constant(-7.5495336e-8f), r);
        return T.MultiplyAdd(n, T.Constant(-2.5633441e-12f), r);
    }

    /// <summary>
    /// The nearest multiple of pi / 2 and what is left of |x|, in quarter turns and as a sum of two floats, given the bits of x,
    /// |x| from 1 on. In integers: |x| times the 96 bits of 2 / pi that matter for its exponent (M. Payne and R. Hanek, "Radian
    /// reduction for trigonometric functions", 1983). High is NaN for infinities and NaN.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static (float High, float Low, int Turns) QuarterTurnsOfLarge(uint bits)
    {
        var exponent = (int)(bits >> 23 & 0xff) - 126;
        if (exponent > 128)
            return (float.NaN, 0f, 0);
        int word = exponent >> 5, shift = exponent & 31;
        var high = (uint)(((ulong)TwoOverPi(word) << 32 | TwoOverPi(word + 1)) << shift >> 32);
        var middle = (uint)(((ulong)TwoOverPi(word + 1) << 32 | TwoOverPi(word + 2)) << shift >> 32);
        var low = (uint)(((ulong)TwoOverPi(word + 2) << 32 | TwoOverPi(word + 3)) << shift >> 32);

        // |x| 2 / pi modulo 4, with 2 bits before the point and 62 behind it.
        var mantissa = bits << 8 | 0x80000000u;
        var product = ((ulong)(mantissa * high) << 32) + (ulong)mantissa * middle + ((ulong)mantissa * low >> 32);
        var turns = (int)(product + (1ul << 61) >> 62);
        var fraction = (long)(product << 2) >> 2;
        var first = (float)fraction;
        var second = (float)(fraction - (long)first);
        const float Unit = 1f / (1L << 62);
        return (int)bits < 0 ? (-first * Unit, -second * Unit, (4 - turns) & 3) : (first * Unit, second * Unit, turns);
    }

    /// <summary>(high + low) pi / 2</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T QuarterTurnsToRadians<T>(T high, T low) where T : struct, IVectorLane<T>
    {
        var quarter = T.Constant(1.57079637f);
        var r = high * quarter;
        var lost = T.MultiplyAdd(high, T.Constant(-4.37113900e-8f), T.ProductError(high, quarter, r));
        return r + T.MultiplyAdd(low, quarter, lost);
    }

    /// <summary>Word i of 2 / pi; the first has 2 bits more before the point, and word 0 is what is before that.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint TwoOverPi(int i) =>
        i == 0 ? 0u : i == 1 ? 0x28be60dbu : i == 2 ? 0x9391054au : i == 3 ? 0x7f09d5f4u : i == 4 ? 0x7d4d3770u
            : i == 5 ? 0x36d8a566u : i == 6 ? 0x4f10e410u : 0x7f9458eau;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static T QuarterTurnsOfSome<T>(T x, T r, ref T n) where T : struct, IVectorLane<T>
    {
        var xs = stackalloc float[4 * T.Count];
        float* highs = xs + T.Count, lows = highs + T.Count, turns = lows + T.Count;
        T.Store(x, xs);
        for (var i = 0; i < T.Count; i++)
            (highs[i], lows[i], turns[i]) = QuarterTurnsOfLarge(BitConverter.SingleToUInt32Bits(MathF.MaxMagnitude(xs[i], 1f)));
        T a = T.Abs(x), most = T.Constant(MostForQuarterTurns);
        n = T.WhereLessOrEqual(a, most, n, T.Load(turns));
        return T.WhereLessOrEqual(a, most, r, QuarterTurnsToRadians(T.Load(highs), T.Load(lows)));
    }

    /// <summary>sin(n pi / 2 + r)</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T SinAfterTurns<T>(T r, T n) where T : struct, IVectorLane<T>
    {
        var (sin, cos) = SinCosOfEighth(r);
        T half = T.Constant(0.5f), two = T.Constant(2f), zero = T.Constant(0f);
        var halfTurns = T.Floor(n * half);
        var isEven = n - two * halfTurns;
        var isPositive = halfTurns - two * T.Floor(halfTurns * half);
        var value = T.WhereEqual(isEven, zero, sin, cos);
        return T.WhereEqual(isPositive, zero, value, -value);
    }

    /// <summary>The sine and cosine for |r| up to pi / 4 and a little more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (T Sin, T Cos) SinCosOfEighth<T>(T r) where T : struct, IVectorLane<T>
    {
        // sin r = r + r^3 p(r^2), relative error 4.0e-9; cos r = 1 - r^2 / 2 + r^4 q(r^2), relative error 1.2e-10.
        var s = r * r;
        var p = T.Constant(-1.9517903e-4f);
        p = T.MultiplyAdd(p, s, T.Constant(0.008332187f));
        p = T.MultiplyAdd(p, s, T.Constant(-0.16666655f));
        var q = T.Constant(2.4432327e-5f);
        q = T.MultiplyAdd(q, s, T.Constant(-0.001388731f));
        q = T.MultiplyAdd(q, s, T.Constant(0.041666646f));
        return (T.MultiplyAdd(r * s, p, r), T.MultiplyAdd(s * s, q, T.MultiplyAdd(s, T.Constant(-0.5f), T.Constant(1f))));
    }
}
