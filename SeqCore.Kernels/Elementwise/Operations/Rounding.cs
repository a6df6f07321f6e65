using System.Runtime.CompilerServices;

namespace SeqCore.Kernels.Operations;

/// <summary>The largest integer not above x; the derivative is 0.</summary>
public readonly struct FloorOperation : IUnaryOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, ILane<T> => T.Floor(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Constant(0f);
}

/// <summary>The smallest integer not below x; the derivative is 0.</summary>
public readonly struct CeilingOperation : IUnaryOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, ILane<T> => -T.Floor(-x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Constant(0f);
}

/// <summary>The nearest integer, ties to even; the derivative is 0.</summary>
public readonly struct RoundOperation : IUnaryOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, ILane<T> => T.Round(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Constant(0f);
}

/// <summary>The integer part of x, rounded towards 0; the derivative is 0.</summary>
public readonly struct TruncateOperation : IUnaryOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, ILane<T> => T.CopySign(T.Floor(T.Abs(x)), x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Constant(0f);
}

/// <summary>
/// x - y floor(x / y), exact but for one rounding where the signs of x and y differ; the sign is that of y, also of a zero, as in
/// Python. NaN for y = 0 and infinite x. The derivatives are 1 and -floor(x / y).
/// </summary>
public readonly struct RemainderOperation : IBinaryOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x, T y) where T : struct, ILane<T>
    {
        T zero = T.Constant(0f), one = T.Constant(1f), rest = T.Remainder(x, y);
        T isNegative = T.WhereLess(rest, zero, one, zero), isWrong = T.WhereLess(y, zero, one - isNegative, isNegative);
        var moved = T.WhereEqual(isWrong, one, rest + y, rest);
        return T.WhereEqual(rest, zero, T.CopySign(zero, y), moved);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T DerivativeX<T>(T x, T y, T z) where T : struct, ILane<T> => T.Constant(1f);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T DerivativeY<T>(T x, T y, T z) where T : struct, ILane<T> => -new FloorDivideOperation().Apply(x, y);
}

/// <summary>
/// floor(x / y), of the exact quotient, as in Python: consistent with <see cref="RemainderOperation"/>, where x / y in float32
/// would be rounded up to the next integer. For y = 0 it is x / y, infinite or NaN. The derivatives are 0.
/// </summary>
public readonly struct FloorDivideOperation : IBinaryOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x, T y) where T : struct, ILane<T>
    {
        T zero = T.Constant(0f), one = T.Constant(1f), half = T.Constant(0.5f), rest = T.Remainder(x, y);
        T isNegative = T.WhereLess(rest, zero, one, zero), isWrong = T.WhereLess(y, zero, one - isNegative, isNegative);
        isWrong = T.WhereEqual(rest, zero, zero, isWrong);

        // x - rest is a multiple of y, whose quotient is an integer but for its rounding.
        var quotient = (x - rest) / y - isWrong;
        var whole = T.Floor(quotient);
        whole = T.WhereLess(half, quotient - whole, whole + one, whole);
        whole = T.WhereEqual(quotient, zero, T.CopySign(zero, x / y), whole);
        return T.WhereEqual(y, zero, x / y, whole);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T DerivativeX<T>(T x, T y, T z) where T : struct, ILane<T> => T.Constant(0f);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T DerivativeY<T>(T x, T y, T z) where T : struct, ILane<T> => T.Constant(0f);
}
