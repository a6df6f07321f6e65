using System.Runtime.CompilerServices;
using SeqCore.Kernels.Elementwise;

namespace SeqCore.Kernels.Operations;

/// <summary>
/// x^exponent for a constant exponent. Whole exponents up to 64 in magnitude are products, exact to a few ulp; others have a
/// relative error of about 1e-7 (1 + |exponent log x|), and give NaN for finite negative x.
/// </summary>
/// <param name="exponent">The exponent.</param>
public readonly struct PowerConstantOperation(float exponent) : IUnaryOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, ILane<T> => Of(x, exponent);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> =>
        exponent == 0f ? T.Constant(0f) : T.Constant(exponent) * Of(x, exponent - 1f);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Of<T>(T x, float exponent) where T : struct, ILane<T>
    {
        if (exponent == 0.5f)
        {
            // For -0 and minus infinity the square root is -0 and NaN, but the power is 0 and plus infinity.
            var infinity = T.Constant(float.PositiveInfinity);
            var zero = T.Constant(0f);
            return T.WhereEqual(x, -infinity, infinity, T.WhereEqual(x, zero, zero, T.Sqrt(x)));
        }

        if (exponent != MathF.Floor(exponent) || MathF.Abs(exponent) > 64f)
            return Formulas.Power(x, T.Constant(exponent));
        var result = T.Constant(1f);
        var power = x;
        for (var n = (int)MathF.Abs(exponent); n != 0; n >>= 1)
        {
            if ((n & 1) != 0)
                result *= power;
            power *= power;
        }

        return exponent < 0f ? T.Constant(1f) / result : result;
    }
}

/// <summary>
/// x^y, with the special values of IEEE 754. Relative error about 1e-7 (1 + |y log x|); for finite negative x, NaN unless y is
/// whole. The derivative with respect to x is NaN where the result is; that with respect to y is 0 where the result is 0, and for
/// 0^0.
/// </summary>
public readonly struct PowerOperation : IBinaryOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x, T y) where T : struct, ILane<T> => Formulas.Power(x, y);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T DerivativeX<T>(T x, T y, T z) where T : struct, ILane<T>
    {
        // y x^(y - 1), whose sign for a whole y follows from that of z: y - 1 may be rounded to a number of the other parity, or
        // to a whole one.
        T zero = T.Constant(0f), one = T.Constant(1f);
        var sign = T.WhereEqual(T.Floor(y), y, T.CopySign(one, x) * T.CopySign(one, z), one);
        var slope = y * sign * Formulas.Power(T.Abs(x), y - one);
        return T.WhereEqual(y, zero, zero, T.WhereEqual(z, z, slope, z));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T DerivativeY<T>(T x, T y, T z) where T : struct, ILane<T>
    {
        T zero = T.Constant(0f), slope = T.WhereEqual(T.Abs(x) + T.Abs(y), zero, zero, z * T.Log(x));
        return T.WhereEqual(z, zero, zero, slope);
    }
}

/// <summary>The cube root of x, negative for negative x; within 1 ulp. The derivative at 0 is infinite.</summary>
public readonly struct CbrtOperation : IUnaryOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, ILane<T>
    {
        // One step of Newton's method for y^3 = a, from y = e^(log(a) / 3).
        T a = T.Abs(x), third = T.Constant(0.33333333f);
        var y = T.Exp(T.Log(a) * third);
        y = T.MultiplyAdd(a / (y * y) - y, third, y);
        y = T.WhereEqual(a, T.Constant(0f), a, T.WhereEqual(a, T.Constant(float.PositiveInfinity), a, y));
        return T.CopySign(y, x);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Constant(0.33333333f) / (y * y);
}
