using System.Runtime.CompilerServices;
using SeqCore.Kernels;
using SeqCore.Kernels.Operations;

namespace SeqCore.Models;

/// <summary>The operation (x - y)^2.</summary>
internal readonly struct SquaredErrorOperation : IBinaryOperation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x, T y) where T : struct, ILane<T> => (x - y) * (x - y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T DerivativeX<T>(T x, T y, T z) where T : struct, ILane<T> => T.Constant(2f) * (x - y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T DerivativeY<T>(T x, T y, T z) where T : struct, ILane<T> => T.Constant(2f) * (y - x);
}

/// <summary>The operation |x - y|; its derivative at 0 is 0, as at NaN.</summary>
internal readonly struct AbsoluteErrorOperation : IBinaryOperation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x, T y) where T : struct, ILane<T> => T.Abs(x - y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T DerivativeX<T>(T x, T y, T z) where T : struct, ILane<T> =>
        T.WhereLess(x, y, T.Constant(-1f), T.WhereLess(y, x, T.Constant(1f), T.Constant(0f)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T DerivativeY<T>(T x, T y, T z) where T : struct, ILane<T> => -DerivativeX(x, y, z);
}

/// <summary>The operation (x - y)^2 / 2 where |x - y| is at most delta, else delta (|x - y| - delta / 2).</summary>
internal readonly struct HuberOperation(float delta) : IBinaryOperation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x, T y) where T : struct, ILane<T>
    {
        var d = T.Abs(x - y);
        var bound = T.Constant(delta);
        var half = T.Constant(0.5f);
        return T.WhereLessOrEqual(d, bound, half * d * d, bound * (d - (half * bound)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T DerivativeX<T>(T x, T y, T z) where T : struct, ILane<T> =>
        T.Max(T.Min(x - y, T.Constant(delta)), T.Constant(-delta));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T DerivativeY<T>(T x, T y, T z) where T : struct, ILane<T> => -DerivativeX(x, y, z);
}

/// <summary>
/// The operation max(q d, (q - 1) d) of an error d = y - p and a probability q; its slope at d = 0 is 0, as at NaN.
/// </summary>
internal readonly struct PinballOperation : IBinaryOperation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x, T y) where T : struct, ILane<T> => T.Max(x * y, x * (y - T.Constant(1f)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T DerivativeX<T>(T x, T y, T z) where T : struct, ILane<T> =>
        T.WhereLess(x, T.Constant(0f), y - T.Constant(1f), T.WhereLess(T.Constant(0f), x, y, T.Constant(0f)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T DerivativeY<T>(T x, T y, T z) where T : struct, ILane<T> => x;
}

/// <summary>The operation max(x, 0) - x y + log(1 + e^-|x|).</summary>
internal readonly struct BinaryCrossEntropyOperation : IBinaryOperation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x, T y) where T : struct, ILane<T>
    {
        // Dividing by the rounding error of 1 + e keeps the digits of log(1 + e) for small e.
        var e = T.Exp(-T.Abs(x));
        var one = T.Constant(1f);
        var u = one + e;
        var log = T.WhereEqual(u, one, e, T.Log(u) * e / (u - one));
        return T.Max(x, T.Constant(0f)) - (x * y) + log;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T DerivativeX<T>(T x, T y, T z) where T : struct, ILane<T> => T.Sigmoid(x) - y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T DerivativeY<T>(T x, T y, T z) where T : struct, ILane<T> => -x;
}

/// <summary>
/// The operation y (log y - x), 0 where y = 0. The derivative with respect to y there is minus infinity; it is taken as 0, so
/// that a softmax with a probability of 0 has a gradient.
/// </summary>
internal readonly struct KullbackLeiblerOperation : IBinaryOperation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x, T y) where T : struct, ILane<T> =>
        T.WhereEqual(y, T.Constant(0f), T.Constant(0f), y * (T.Log(y) - x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T DerivativeX<T>(T x, T y, T z) where T : struct, ILane<T> => -y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T DerivativeY<T>(T x, T y, T z) where T : struct, ILane<T> =>
        T.WhereEqual(y, T.Constant(0f), T.Constant(0f), T.Log(y) + T.Constant(1f) - x);
}

/// <summary>The operation e^y (y - x), 0 where e^y is 0.</summary>
internal readonly struct LogKullbackLeiblerOperation : IBinaryOperation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x, T y) where T : struct, ILane<T>
    {
        var e = T.Exp(y);
        return T.WhereEqual(e, T.Constant(0f), e, e * (y - x));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T DerivativeX<T>(T x, T y, T z) where T : struct, ILane<T> => -T.Exp(y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T DerivativeY<T>(T x, T y, T z) where T : struct, ILane<T> => z + T.Exp(y);
}

/// <summary>The operation -(1 - p)^gamma x, where x = log p is at most 0.</summary>
internal readonly struct FocalOperation(float gamma) : IUnaryOperation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, ILane<T> => -x * new PowerConstantOperation(gamma).Apply(Rest(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T>
    {
        // gamma (1 - p)^(gamma - 1) p x - (1 - p)^gamma; the first term tends to 0 with x for every gamma above 0.
        T rest = Rest(x), zero = T.Constant(0f);
        var slope = new PowerConstantOperation(gamma).Derivative(rest, rest) * (T.Constant(1f) - rest) * x;
        return T.WhereEqual(x, zero, zero, slope) - new PowerConstantOperation(gamma).Apply(rest);
    }

    // 1 - e^x, which loses no digits near x = 0.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Rest<T>(T x) where T : struct, ILane<T> => -new Expm1Operation().Apply(x);
}

/// <summary>
/// The operation (1 - p)^gamma times the binary cross-entropy of x and y, where 1 - p = s(-x) y + s(x) (1 - y) and s is the
/// sigmoid.
/// </summary>
internal readonly struct BinaryFocalOperation(float gamma) : IBinaryOperation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x, T y) where T : struct, ILane<T> =>
        Factor(Rest(x, y)) * new BinaryCrossEntropyOperation().Apply(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T DerivativeX<T>(T x, T y, T z) where T : struct, ILane<T>
    {
        T one = T.Constant(1f), s = T.Sigmoid(x), t = T.Sigmoid(-x);
        return (Slope(x, y) * s * t * (one - y - y)) + (Factor(Rest(x, y)) * ((s * (one - y)) - (t * y)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T DerivativeY<T>(T x, T y, T z) where T : struct, ILane<T> =>
        (Slope(x, y) * (T.Sigmoid(-x) - T.Sigmoid(x))) - (Factor(Rest(x, y)) * x);

    // 1 - p, which keeps its digits where p is nearly 1.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Rest<T>(T x, T y) where T : struct, ILane<T> =>
        (T.Sigmoid(-x) * y) + (T.Sigmoid(x) * (T.Constant(1f) - y));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private T Factor<T>(T rest) where T : struct, ILane<T> => new PowerConstantOperation(gamma).Apply(rest);

    // gamma (1 - p)^(gamma - 1) times the cross-entropy, which tends to gamma (1 - p)^gamma where p tends to 1. The power itself
    // may be infinite there, and the quotient cannot: the two vanish together.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private T Slope<T>(T x, T y) where T : struct, ILane<T>
    {
        T rest = Rest(x, y), zero = T.Constant(0f), loss = new BinaryCrossEntropyOperation().Apply(x, y);
        return T.WhereEqual(rest, zero, zero, T.Constant(gamma) * Factor(rest) * (loss / rest));
    }
}
