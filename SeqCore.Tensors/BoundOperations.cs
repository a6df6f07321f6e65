using System.Runtime.CompilerServices;
using SeqCore.Kernels;

namespace SeqCore;

/// <summary>A binary operation with a number on the right, which makes it unary: y = f(x, right).</summary>
internal readonly struct WithRight<TOperation>(float right) : IUnaryOperation where TOperation : struct, IBinaryOperation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, ILane<T> => default(TOperation).Apply(x, T.Constant(right));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => default(TOperation).DerivativeX(x, T.Constant(right), y);
}

/// <summary>A binary operation with a number on the left, which makes it unary: y = f(left, x).</summary>
internal readonly struct WithLeft<TOperation>(float left) : IUnaryOperation where TOperation : struct, IBinaryOperation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, ILane<T> => default(TOperation).Apply(T.Constant(left), x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => default(TOperation).DerivativeY(T.Constant(left), x, y);
}
