using System.Runtime.CompilerServices;
using SeqCore.Kernels.Elementwise;

namespace SeqCore.Kernels.Operations;

/// <summary>sinh x = (e^x - e^-x) / 2; within 3 ulp</summary>
public readonly struct SinhOperation : IUnaryOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, ILane<T>
    {
        // x + x^3 p(x^2) below 1, relative error 3.0e-10.
        T a = T.Abs(x), one = T.Constant(1f);
        var limited = T.WhereLess(a, one, a, one);
        var s = limited * limited;
        var p = T.Constant(2.7822132e-6f);
        p = T.MultiplyAdd(p, s, T.Constant(1.9842896e-4f));
        p = T.MultiplyAdd(p, s, T.Constant(0.0083333105f));
        p = T.MultiplyAdd(p, s, T.Constant(0.16666667f));
        var small = T.MultiplyAdd(limited * s, p, limited);
        var half = Formulas.HalfExp(a);
        return T.CopySign(T.WhereLess(a, one, small, half - T.Constant(0.25f) / half), x);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => new CoshOperation().Apply(x);
}

/// <summary>cosh x = (e^x + e^-x) / 2; within 3 ulp</summary>
public readonly struct CoshOperation : IUnaryOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, ILane<T>
    {
        var half = Formulas.HalfExp(T.Abs(x));
        return half + T.Constant(0.25f) / half;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => new SinhOperation().Apply(x);
}

/// <summary>The number whose hyperbolic sine is x, sign(x) log(|x| + sqrt(x^2 + 1)); within 3 ulp.</summary>
public readonly struct AsinhOperation : IUnaryOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, ILane<T>
    {
        // log(1 + a + a^2 / (1 + sqrt(1 + a^2))); from 10^4 on, log(2a) is the same in float32.
        T a = T.Abs(x), one = T.Constant(1f), large = T.Constant(1e4f);
        var limited = T.WhereLess(a, large, a, large);
        var square = limited * limited;
        var small = Formulas.Log1p(limited + square / (one + T.Sqrt(one + square)));
        var result = T.WhereLess(a, large, small, T.Log(a) + T.Constant(Formulas.Ln2));
        return T.CopySign(result, x);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T>
    {
        // sqrt(x^2 + 1) is |x| in float32 from 10^4 on, where x^2 may overflow.
        T a = T.Abs(x), one = T.Constant(1f);
        return one / T.WhereLess(a, T.Constant(1e4f), T.Sqrt(T.MultiplyAdd(a, a, one)), a);
    }
}

/// <summary>The number from 0 on whose hyperbolic cosine is x, log(x + sqrt(x^2 - 1)); within 3 ulp, NaN below 1.</summary>
public readonly struct AcoshOperation : IUnaryOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, ILane<T>
    {
        // log(1 + t + sqrt(t (t + 2))) for t = x - 1; from 10^4 on, log(2x) is the same in float32.
        T one = T.Constant(1f), large = T.Constant(1e4f);
        var t = T.WhereLess(x, large, x, large) - one;
        var small = Formulas.Log1p(t + T.Sqrt(t * (t + T.Constant(2f))));
        var result = T.WhereLess(x, large, small, T.Log(x) + T.Constant(Formulas.Ln2));
        return T.WhereLess(x, one, T.Constant(float.NaN), result);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> =>
        T.Constant(1f) / (T.Sqrt(x - T.Constant(1f)) * T.Sqrt(x + T.Constant(1f)));
}

/// <summary>
/// The number whose hyperbolic tangent is x, log((1 + x) / (1 - x)) / 2; within 3 ulp, infinite at -1 and 1, NaN beyond.
/// </summary>
public readonly struct AtanhOperation : IUnaryOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, ILane<T>
    {
        // log(1 + 2a / (1 - a)) / 2
        T a = T.Abs(x), one = T.Constant(1f);
        return T.CopySign(T.Constant(0.5f) * Formulas.Log1p((a + a) / (one - a)), x);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> =>
        T.Constant(1f) / ((T.Constant(1f) - x) * (T.Constant(1f) + x));
}
