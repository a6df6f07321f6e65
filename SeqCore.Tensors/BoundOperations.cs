using System.Runtime.CompilerServices;
using SeqCore.Kernels;

namespace SeqCore;

/// <summary>y = f(x, right) with a number on the right: a binary operation made unary.</summary>
internal readonly struct WithRight<TOperation>(float right) : IUnaryOperation where TOperation : struct, IBinaryOperation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, ILane<T> => default(TOperation).Apply(x, T.Constant(right));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => default(TOperation).DerivativeX(x, T.Constant(right), y);
}

/// <summary>y = f(left, x) with a number on the left: a binary operation made unary.</summary>
internal readonly struct WithLeft<TOperation>(float left) : IUnaryOperation where TOperation : struct, IBinaryOperation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, ILane<T> => default(TOperation).Apply(T.Constant(left), x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => default(TOperation).DerivativeY(T.Constant(left), x, y);
}
