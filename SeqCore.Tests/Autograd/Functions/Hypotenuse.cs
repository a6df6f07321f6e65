using SeqCore.Kernels;

namespace SeqCore.Tests.Autograd.Functions;

/// <summary>sqrt(x^2 + y^2), as a user would add it.</summary>
internal readonly struct Hypotenuse : IBinaryOperation
{
    public T Apply<T>(T x, T y) where T : struct, ILane<T> => T.Sqrt(x * x + y * y);

    public T DerivativeX<T>(T x, T y, T z) where T : struct, ILane<T> => x / z;

    public T DerivativeY<T>(T x, T y, T z) where T : struct, ILane<T> => y / z;
}
