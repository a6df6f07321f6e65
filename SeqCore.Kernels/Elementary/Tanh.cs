using System.Runtime.CompilerServices;

namespace SeqCore.Kernels;

internal static partial class Elementary
{
    /// <summary>The limit of the rational function's argument: tanh is 1 in float32 from 9.011 on.</summary>
    private const float TanhLimit = 9.02f;

    /// <summary>
    /// The hyperbolic tangent. Relative error at most 4e-7, exact near 0; never above 1 in magnitude; NaN for NaN.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Tanh<T>(T x) where T : struct, IVectorLane<T>
    {
        // tanh x = x p(x^2) / q(x^2), relative error 6.3e-8: one division and nothing that cancels.
        var t = T.MaxNative(T.Constant(-TanhLimit), T.MinNative(T.Constant(TanhLimit), x));
        var s = t * t;
        var p = T.Constant(1.8325470e-11f);
        p = T.MultiplyAdd(p, s, T.Constant(-1.2817581e-8f));
        p = T.MultiplyAdd(p, s, T.Constant(9.283207e-6f));
        p = T.MultiplyAdd(p, s, T.Constant(0.0029227985f));
        p = T.MultiplyAdd(p, s, T.Constant(0.12921262f));
        p = T.MultiplyAdd(p, s, T.Constant(1f));
        var q = T.Constant(2.2836258e-4f);
        q = T.MultiplyAdd(q, s, T.Constant(0.023771904f));
        q = T.MultiplyAdd(q, s, T.Constant(0.4625456f));
        q = T.MultiplyAdd(q, s, T.Constant(1f));

        // Near the limit the rounded quotient may exceed 1, which tanh never does.
        return T.MaxNative(T.Constant(-1f), T.MinNative(T.Constant(1f), t * p / q));
    }

    /// <summary>
    /// 1 / (1 + e^-x). Relative error at most 3e-7, in the left tail too, down to subnormal results; NaN for NaN.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Sigmoid<T>(T x) where T : struct, IVectorLane<T>
    {
        // e^x / (1 + e^x): the left tail keeps its accuracy, and the limit keeps the right tail finite without a select.
        var e = ExpOfAtMost(x, 80f);
        return e / (e + T.Constant(1f));
    }
}
