using System.Runtime.CompilerServices;

namespace SeqCore.Kernels;

/// <summary>
/// Elementary functions over vectors of floats; each is written once, for every width. The polynomials and rational functions
/// are our own minimax fits (of the relative error, by iteratively reweighted least squares). The errors stated are the largest
/// found against float64 in the tests, in ulp or relative; results below the smallest normal float (1.2e-38) are within one
/// subnormal step instead.
/// </summary>
internal static partial class Elementary
{
    /// <summary>e^x. Error at most 1 ulp; 0 below -103.98, infinity above 88.72, NaN for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Exp<T>(T x) where T : struct, IVectorLane<T> => ExpOfAtMost(x, 89f);

    /// <summary>e^min(x, limit), for limits up to 89. Error at most 1 ulp.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T ExpOfAtMost<T>(T x, float limit) where T : struct, IVectorLane<T>
    {
        // The constants are the first operands, so that NaN in x propagates.
        var t = T.MaxNative(T.Constant(-104f), T.MinNative(T.Constant(limit), x));

        // x = n ln 2 + r with |r| <= ln(2) / 2. ln 2 is split into two parts; n times the first is exact.
        var n = T.Round(t * T.Constant(1.44269504f));
        var r = T.MultiplyAdd(n, T.Constant(-0.693359375f), t);
        r = T.MultiplyAdd(n, T.Constant(2.12194440e-4f), r);

        // e^r = 1 + r + r^2 p(r), relative error 3.1e-9.
        var p = T.Constant(0.0013814539f);
        p = T.MultiplyAdd(p, r, T.Constant(0.008368745f));
        p = T.MultiplyAdd(p, r, T.Constant(0.041668389f));
        p = T.MultiplyAdd(p, r, T.Constant(0.16666521f));
        p = T.MultiplyAdd(p, r, T.Constant(0.49999994f));
        p = T.MultiplyAdd(p, r * r, r) + T.Constant(1f);
        return T.Scale(p, n);
    }

    /// <summary>2^x. Error at most 1.1 ulp, exact for integers; 0 below -150, infinity from 128 on, NaN for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Exp2<T>(T x) where T : struct, IVectorLane<T>
    {
        // x = n + r; 2^r = 1 + r p(r) for |r| <= 1/2, relative error 3.0e-9.
        var t = T.MaxNative(T.Constant(-151f), T.MinNative(T.Constant(129f), x));
        var n = T.Round(t);
        var r = t - n;
        var p = T.Constant(1.5326463e-4f);
        p = T.MultiplyAdd(p, r, T.Constant(0.0013390806f));
        p = T.MultiplyAdd(p, r, T.Constant(0.009618506f));
        p = T.MultiplyAdd(p, r, T.Constant(0.0555036f));
        p = T.MultiplyAdd(p, r, T.Constant(0.24022648f));
        p = T.MultiplyAdd(p, r, T.Constant(0.6931472f));
        return T.Scale(T.MultiplyAdd(p, r, T.Constant(1f)), n);
    }
}
