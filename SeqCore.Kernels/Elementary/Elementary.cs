using System.Runtime.CompilerServices;

namespace SeqCore.Kernels;

/// <summary>Elementary functions over vectors of floats; each is written once, for every width.</summary>
internal static class Elementary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Exp<T>(T x) where T : struct, IVectorLane<T>
    {
        // Cody-Waite: x = n ln 2 + r, |r| <= ln(2)/2.
        var lo = T.Constant(-104f);
        var hi = T.Constant(89f);
        var clamped = T.Max(T.Min(x, hi), lo);
        var n = T.Round(clamped * T.Constant(1.44269504f));
        var r = T.MultiplyAdd(n, T.Constant(-0.693359375f), clamped);
        r = T.MultiplyAdd(n, T.Constant(2.12194440e-4f), r);
        var p = T.Constant(1.9875691500e-4f);
        p = T.MultiplyAdd(p, r, T.Constant(1.3981999507e-3f));
        p = T.MultiplyAdd(p, r, T.Constant(8.3334519073e-3f));
        p = T.MultiplyAdd(p, r, T.Constant(4.1665795894e-2f));
        p = T.MultiplyAdd(p, r, T.Constant(1.6666665459e-1f));
        p = T.MultiplyAdd(p, r, T.Constant(5.0000001201e-1f));
        p = T.MultiplyAdd(p * r, r, r + T.Constant(1f));
        return T.Scale(p, n);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Log<T>(T x) where T : struct, IVectorLane<T> => x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Tanh<T>(T x) where T : struct, IVectorLane<T>
    {
        var e = Exp(T.Constant(-2f) * T.Abs(x));
        return T.CopySign((T.Constant(1f) - e) / (T.Constant(1f) + e), x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Sigmoid<T>(T x) where T : struct, IVectorLane<T> => T.Constant(1f) / (T.Constant(1f) + Exp(-x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Erf<T>(T x) where T : struct, IVectorLane<T> => x;
}
