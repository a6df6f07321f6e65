using System.Runtime.CompilerServices;

namespace SeqCore.Kernels;

internal static partial class Elementary
{
    private const float SmallestNormal = 1.17549435e-38f;
    private const float TwoTo25 = 33554432f;

    /// <summary>The natural logarithm. Error at most 1 ulp; -infinity for 0 and -0, NaN below 0 and for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Log<T>(T x) where T : struct, IVectorLane<T>
    {
        var f = SplitLog(x, out var n, out var p);
        var square = f * f;
        var tail = T.MultiplyAdd(n, T.Constant(-2.12194440e-4f), p * (square * f));
        var log = T.MultiplyAdd(n, T.Constant(0.693359375f), T.MultiplyAdd(square, T.Constant(-0.5f), tail) + f);

        return OrSpecialLog(x, log);
    }

    /// <summary>log2 x. Error at most 1.4 ulp, exact for powers of two; otherwise as <see cref="Log"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Log2<T>(T x) where T : struct, IVectorLane<T>
    {
        // log2 x = n + (f + c) (1 + k), where log(1 + f) = f + c and 1 + k = 1 / ln 2; the largest is added last.
        var f = SplitLog(x, out var n, out var p);
        var square = f * f;
        var c = T.MultiplyAdd(square, T.Constant(-0.5f), p * (square * f));
        var k = T.Constant(0.44269504f);
        return OrSpecialLog(x, T.MultiplyAdd(f, k, T.MultiplyAdd(c, k, c)) + f + n);
    }

    /// <summary>log10 x. Error at most 2 ulp, exact for powers of ten; otherwise as <see cref="Log"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Log10<T>(T x) where T : struct, IVectorLane<T>
    {
        // log10 x = n log10(2) + (f + c) / ln 10, with both constants in two parts, of which the first has 8 bits.
        var f = SplitLog(x, out var n, out var p);
        var square = f * f;
        var c = T.MultiplyAdd(square, T.Constant(-0.5f), p * (square * f));
        T high = T.Constant(0.43359375f), low = T.Constant(7.0073190e-4f);
        var tail = T.MultiplyAdd(n, T.Constant(2.4874567e-4f), T.MultiplyAdd(f, low, c * low));
        return OrSpecialLog(x, T.MultiplyAdd(n, T.Constant(0.30078125f), T.MultiplyAdd(f, high, T.MultiplyAdd(c, high, tail))));
    }

    /// <summary>Returns f and n with x = 2^n (1 + f), and p with log(1 + f) = f - f^2 / 2 + f^3 p; for x above 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T SplitLog<T>(T x, out T n, out T p) where T : struct, IVectorLane<T>
    {
        var smallest = T.Constant(SmallestNormal);
        var normal = T.WhereLess(x, smallest, x * T.Constant(TwoTo25), x);
        var f = T.SplitExponent(normal, out n) - T.Constant(1f);
        n = T.WhereLess(x, smallest, n - T.Constant(25f), n);

        // log(1 + f) = f - f^2 / 2 + f^3 p(f) for f in [sqrt(1/2) - 1, sqrt(2) - 1], relative error 5.8e-9.
        p = T.Constant(-0.07634497f);
        p = T.MultiplyAdd(p, f, T.Constant(0.12761576f));
        p = T.MultiplyAdd(p, f, T.Constant(-0.13160183f));
        p = T.MultiplyAdd(p, f, T.Constant(0.14201757f));
        p = T.MultiplyAdd(p, f, T.Constant(-0.16623357f));
        p = T.MultiplyAdd(p, f, T.Constant(0.20001227f));
        p = T.MultiplyAdd(p, f, T.Constant(-0.2500082f));
        p = T.MultiplyAdd(p, f, T.Constant(0.33333331f));
        return f;
    }

    /// <summary>Returns the logarithm that was computed, where x is neither 0, negative, infinite nor NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T OrSpecialLog<T>(T x, T log) where T : struct, IVectorLane<T>
    {
        var zero = T.Constant(0f);
        var special = T.WhereEqual(x, zero, T.Constant(float.NegativeInfinity), T.Constant(float.NaN));
        return T.WhereLess(zero, x, T.WhereLess(x, T.Constant(float.PositiveInfinity), log, x), special);
    }
}
