using System.Runtime.CompilerServices;
using SeqCore.Kernels;

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

/// <summary>The operation |x - y|; its derivative at 0 is 0.</summary>
internal readonly struct AbsoluteErrorOperation : IBinaryOperation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x, T y) where T : struct, ILane<T> => T.Abs(x - y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T DerivativeX<T>(T x, T y, T z) where T : struct, ILane<T> =>
        T.WhereEqual(x, y, T.Constant(0f), T.CopySign(T.Constant(1f), x - y));

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
