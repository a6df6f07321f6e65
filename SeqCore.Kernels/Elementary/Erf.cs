using System.Runtime.CompilerServices;

namespace SeqCore.Kernels;

internal static partial class Elementary
{
    /// <summary>The error function is 1 in float32 from 3.92 on.</summary>
    private const float ErfLimit = 3.95f;

    /// <summary>The error function. Relative error at most 4e-7; never above 1 in magnitude; NaN for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Erf<T>(T x) where T : struct, IVectorLane<T>
    {
        // erf x = x p(x^2) / q(x^2), relative error 2.1e-8.
        var t = T.MaxNative(T.Constant(-ErfLimit), T.MinNative(T.Constant(ErfLimit), x));
        var s = t * t;
        var p = T.Constant(2.0294963e-6f);
        p = T.MultiplyAdd(p, s, T.Constant(2.8407120e-4f));
        p = T.MultiplyAdd(p, s, T.Constant(0.0037837441f));
        p = T.MultiplyAdd(p, s, T.Constant(0.052800935f));
        p = T.MultiplyAdd(p, s, T.Constant(0.1909899f));
        p = T.MultiplyAdd(p, s, T.Constant(1.1283792f));
        var q = T.Constant(3.7836377e-5f);
        q = T.MultiplyAdd(q, s, T.Constant(0.0011646553f));
        q = T.MultiplyAdd(q, s, T.Constant(0.015006657f));
        q = T.MultiplyAdd(q, s, T.Constant(0.11432743f));
        q = T.MultiplyAdd(q, s, T.Constant(0.50259328f));
        q = T.MultiplyAdd(q, s, T.Constant(1f));
        return T.MaxNative(T.Constant(-1f), T.MinNative(T.Constant(1f), t * p / q));
    }

    /// <summary>
    /// The normal distribution function (1 + erf(x / sqrt 2)) / 2. Relative error at most 6e-7, in the left tail too, down to
    /// subnormal results; NaN for NaN.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T NormalCdf<T>(T x) where T : struct, IVectorLane<T>
    {
        // With a = |x|: Phi(-a) = e^(-a^2 / 2) p(a) / q(a), relative error 6.1e-9, and Phi(a) = 1 - Phi(-a).
        var a = T.MinNative(T.Constant(14.7f), T.Abs(x));
        var p = T.Constant(0.0041312398f);
        p = T.MultiplyAdd(p, a, T.Constant(0.040733591f));
        p = T.MultiplyAdd(p, a, T.Constant(0.18353251f));
        p = T.MultiplyAdd(p, a, T.Constant(0.43869576f));
        p = T.MultiplyAdd(p, a, T.Constant(0.5f));
        var q = T.Constant(0.010355366f);
        q = T.MultiplyAdd(q, a, T.Constant(0.10211028f));
        q = T.MultiplyAdd(q, a, T.Constant(0.47025576f));
        q = T.MultiplyAdd(q, a, T.Constant(1.2037374f));
        q = T.MultiplyAdd(q, a, T.Constant(1.6752765f));
        q = T.MultiplyAdd(q, a, T.Constant(1f));

        // For large a the rounding of a^2 alone would cost 1e-5, so its error is added back.
        var square = a * a;
        var lost = T.ProductError(a, a, square);
        var e = ExpOfAtMost(square * T.Constant(-0.5f), 0f);
        var tail = T.MultiplyAdd(e, lost * T.Constant(-0.5f), e) * (p / q);
        return T.WhereLess(x, T.Constant(0f), tail, T.Constant(1f) - tail);
    }
}
