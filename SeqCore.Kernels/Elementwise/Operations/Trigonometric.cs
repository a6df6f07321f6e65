using System.Runtime.CompilerServices;
using SeqCore.Kernels.Elementwise;

namespace SeqCore.Kernels.Operations;

/// <summary>sin x, x in radians; within 1.6 ulp for every finite x, NaN for infinities</summary>
public readonly struct SinOperation : IUnaryOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, ILane<T> => T.Sin(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Cos(x);
}

/// <summary>cos x, x in radians; within 1.6 ulp for every finite x, NaN for infinities</summary>
public readonly struct CosOperation : IUnaryOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, ILane<T> => T.Cos(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => -T.Sin(x);
}

/// <summary>tan x, x in radians; within 3.2 ulp for every finite x, NaN for infinities</summary>
public readonly struct TanOperation : IUnaryOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, ILane<T> => T.Tan(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.MultiplyAdd(y, y, T.Constant(1f));
}

/// <summary>The angle in [-pi/2, pi/2] whose sine is x; within 2.5 ulp, NaN where |x| is above 1.</summary>
public readonly struct AsinOperation : IUnaryOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, ILane<T>
    {
        // From 1/2 on, asin a = pi/2 - 2 asin(sqrt((1 - a) / 2)).
        var a = T.Abs(x);
        var isSmall = T.WhereLess(a, T.Constant(0.5f), T.Constant(1f), T.Constant(0f));
        var small = Angles.AsinOfSmall(Angles.HalfChord(a));
        var large = T.Constant(Angles.HalfPi) - (small + small - T.Constant(Angles.HalfPiLow));
        return T.CopySign(T.WhereEqual(isSmall, T.Constant(1f), small, large), x);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> =>
        T.Constant(1f) / T.Sqrt((T.Constant(1f) - x) * (T.Constant(1f) + x));
}

/// <summary>The angle in [0, pi] whose cosine is x; within 2.5 ulp, NaN where |x| is above 1.</summary>
public readonly struct AcosOperation : IUnaryOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, ILane<T>
    {
        T half = T.Constant(0.5f), zero = T.Constant(0f);
        var asin = Angles.AsinOfSmall(Angles.HalfChord(T.Abs(x)));
        var twice = asin + asin;
        var middle = T.Constant(Angles.HalfPi) - (T.CopySign(asin, x) - T.Constant(Angles.HalfPiLow));
        var outer = T.WhereLess(zero, x, twice, T.Constant(Angles.Pi) - (twice - T.Constant(2f * Angles.HalfPiLow)));
        return T.WhereLess(T.Abs(x), half, middle, outer);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => -new AsinOperation().Derivative(x, y);
}

/// <summary>The angle in [-pi/2, pi/2] whose tangent is x; within 2 ulp.</summary>
public readonly struct AtanOperation : IUnaryOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, ILane<T>
    {
        T a = T.Abs(x), one = T.Constant(1f);
        return T.CopySign(Angles.Atan(T.WhereLess(one, a, one, a), T.WhereLess(one, a, a, one), T.WhereLess(one, a, one,
            T.Constant(0f)), T.Constant(0f)), x);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Constant(1f) / T.MultiplyAdd(x, x, T.Constant(1f));
}

/// <summary>
/// atan2(x, y), the angle in [-pi, pi] of the point whose ordinate is the first operand, x, and whose abscissa is the second one,
/// y; within 3 ulp. Zeros and infinities as in IEEE 754: atan2(0, -0) is pi, atan2(0, 0) is 0. The gradient at the origin and
/// where a coordinate is infinite is 0.
/// </summary>
public readonly struct Atan2Operation : IBinaryOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x, T y) where T : struct, ILane<T>
    {
        T zero = T.Constant(0f), one = T.Constant(1f), infinity = T.Constant(float.PositiveInfinity);
        T rise = T.Abs(x), run = T.Abs(y);
        T isSteep = T.WhereLess(run, rise, one, zero), isBack = T.WhereLess(T.CopySign(one, y), zero, one, zero);
        T low = T.WhereLess(run, rise, run, rise), high = T.WhereLess(run, rise, rise, run);

        // Powers of two keep the sum of the two finite, and the smaller a normal number where it matters.
        var scale = T.WhereLess(high, T.Constant(1e-20f), T.Constant(1.4757395e20f), one);
        scale = T.WhereLess(T.Constant(1e20f), high, T.Constant(5.8207661e-11f), scale);
        low = T.WhereEqual(high, infinity, T.WhereEqual(low, infinity, one, zero), low * scale);
        high = T.WhereEqual(high, infinity, one, T.WhereEqual(high, zero, one, high * scale));
        var angle = T.CopySign(Angles.Atan(low, high, isSteep, isBack), x);
        return T.WhereEqual(x, x, T.WhereEqual(y, y, angle, y), x);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T DerivativeX<T>(T x, T y, T z) where T : struct, ILane<T> => Slope(y, x, y);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T DerivativeY<T>(T x, T y, T z) where T : struct, ILane<T> => -Slope(x, x, y);

    // side / (x^2 + y^2); squares of quotients neither overflow nor vanish together.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Slope<T>(T side, T x, T y) where T : struct, ILane<T>
    {
        T zero = T.Constant(0f), most = T.Max(T.Abs(x), T.Abs(y));
        T u = x / most, v = y / most;
        var slope = side / most / T.MultiplyAdd(u, u, v * v) / most;
        return T.WhereEqual(most, zero, zero, T.WhereEqual(most, T.Constant(float.PositiveInfinity), zero, slope));
    }
}
