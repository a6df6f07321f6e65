using System.Runtime.CompilerServices;

namespace SeqCore.Kernels.Elementwise;

/// <summary>The formulas of inverse trigonometric functions.</summary>
internal static class Angles
{
    internal const float HalfPi = 1.57079637f;

    /// <summary>What <see cref="HalfPi"/> lacks.</summary>
    internal const float HalfPiLow = -4.37113900e-8f;

    internal const float Pi = 3.14159274f;

    /// <summary>a below 1/2, and sqrt((1 - a) / 2), the sine of half the angle to pi / 2, from there on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T HalfChord<T>(T a) where T : struct, ILane<T>
    {
        var half = T.Constant(0.5f);
        return T.WhereLess(a, half, a, T.Sqrt((T.Constant(1f) - a) * half));
    }

    /// <summary>asin a for a in [0, 1/2]: a + a^3 p(a^2), relative error 4.9e-9.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T AsinOfSmall<T>(T a) where T : struct, ILane<T>
    {
        var s = a * a;
        var p = T.Constant(0.042158306f);
        p = T.MultiplyAdd(p, s, T.Constant(0.024184778f));
        p = T.MultiplyAdd(p, s, T.Constant(0.04546915f));
        p = T.MultiplyAdd(p, s, T.Constant(0.074953094f));
        p = T.MultiplyAdd(p, s, T.Constant(0.16666752f));
        return T.MultiplyAdd(a * s, p, a);
    }

    /// <summary>
    /// The angle in [0, pi] of a point whose distances from the axes are low and high, 0 &lt;= low &lt;= high.
    /// </summary>
    /// <param name="low">The smaller distance.</param>
    /// <param name="high">The larger distance, not 0; high + low is finite, or high is infinite and low is not.</param>
    /// <param name="isSteep">1 where the larger distance is the ordinate, else 0.</param>
    /// <param name="isBack">1 where the abscissa is negative, else 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Atan<T>(T low, T high, T isSteep, T isBack) where T : struct, ILane<T>
    {
        // Above tan(pi / 8), atan(low / high) = pi / 4 + atan((low - high) / (low + high)).
        T zero = T.Constant(0f), one = T.Constant(1f);
        var bound = high * T.Constant(0.41421357f);
        var t = T.WhereLess(bound, low, low - high, low) / T.WhereLess(bound, low, low + high, high);
        var eighths = T.WhereLess(bound, low, one, zero);

        // atan t = t + t^3 p(t^2) for |t| up to tan(pi / 8), relative error 7.0e-10.
        var s = t * t;
        var p = T.Constant(-0.060888432f);
        p = T.MultiplyAdd(p, s, T.Constant(0.10598754f));
        p = T.MultiplyAdd(p, s, T.Constant(-0.14244346f));
        p = T.MultiplyAdd(p, s, T.Constant(0.19998527f));
        p = T.MultiplyAdd(p, s, T.Constant(-0.33333316f));
        t = T.MultiplyAdd(t * s, p, t);

        // k pi / 4 + t, mirrored at pi / 4 and pi / 2; k times the first part of pi / 4, which has 20 bits, is exact.
        T two = T.Constant(2f), four = T.Constant(4f);
        eighths = T.WhereEqual(isSteep, one, two - eighths, eighths);
        t = T.WhereEqual(isSteep, one, -t, t);
        eighths = T.WhereEqual(isBack, one, four - eighths, eighths);
        t = T.WhereEqual(isBack, one, -t, t);
        return eighths * T.Constant(0.78539753f) + T.MultiplyAdd(eighths, T.Constant(6.3379540e-7f), t);
    }
}
