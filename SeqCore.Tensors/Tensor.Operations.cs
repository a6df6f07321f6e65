using SeqCore.Kernels;

namespace SeqCore.Tensors;

public sealed partial class Tensor
{
    private static class Operations
    {
        internal readonly struct Sum : IBinaryOperation
        {
            public T Apply<T>(T x, T y) where T : struct, ILane<T> => x + y;
            public T DerivativeX<T>(T x, T y, T z) where T : struct, ILane<T> => T.Constant(1f);
            public T DerivativeY<T>(T x, T y, T z) where T : struct, ILane<T> => T.Constant(1f);
        }

        internal readonly struct Difference : IBinaryOperation
        {
            public T Apply<T>(T x, T y) where T : struct, ILane<T> => x - y;
            public T DerivativeX<T>(T x, T y, T z) where T : struct, ILane<T> => T.Constant(1f);
            public T DerivativeY<T>(T x, T y, T z) where T : struct, ILane<T> => T.Constant(-1f);
        }

        internal readonly struct Product : IBinaryOperation
        {
            public T Apply<T>(T x, T y) where T : struct, ILane<T> => x * y;
            public T DerivativeX<T>(T x, T y, T z) where T : struct, ILane<T> => y;
            public T DerivativeY<T>(T x, T y, T z) where T : struct, ILane<T> => x;
        }

        internal readonly struct Quotient : IBinaryOperation
        {
            public T Apply<T>(T x, T y) where T : struct, ILane<T> => x / y;
            public T DerivativeX<T>(T x, T y, T z) where T : struct, ILane<T> => T.Constant(1f) / y;
            public T DerivativeY<T>(T x, T y, T z) where T : struct, ILane<T> => -z / y;
        }

        internal readonly struct Greater : IBinaryOperation
        {
            public T Apply<T>(T x, T y) where T : struct, ILane<T> => T.Max(x, y);
            public T DerivativeX<T>(T x, T y, T z) where T : struct, ILane<T> => T.WhereEqual(x, z, T.Constant(1f), T.Constant(0f));
            public T DerivativeY<T>(T x, T y, T z) where T : struct, ILane<T> => T.WhereEqual(x, z, T.Constant(0f), T.Constant(1f));
        }

        internal readonly struct Lesser : IBinaryOperation
        {
            public T Apply<T>(T x, T y) where T : struct, ILane<T> => T.Min(x, y);
            public T DerivativeX<T>(T x, T y, T z) where T : struct, ILane<T> => T.WhereEqual(x, z, T.Constant(1f), T.Constant(0f));
            public T DerivativeY<T>(T x, T y, T z) where T : struct, ILane<T> => T.WhereEqual(x, z, T.Constant(0f), T.Constant(1f));
        }

        internal readonly struct Negative : IUnaryOperation
        {
            public T Apply<T>(T x) where T : struct, ILane<T> => -x;
            public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Constant(-1f);
        }

        internal readonly struct Root : IUnaryOperation
        {
            public T Apply<T>(T x) where T : struct, ILane<T> => T.Sqrt(x);
            public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Constant(0.5f) / y;
        }

        internal readonly struct Plus(float addend) : IUnaryOperation
        {
            public T Apply<T>(T x) where T : struct, ILane<T> => x + T.Constant(addend);
            public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Constant(1f);
        }

        internal readonly struct Minus(float minuend) : IUnaryOperation
        {
            public T Apply<T>(T x) where T : struct, ILane<T> => T.Constant(minuend) - x;
            public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Constant(-1f);
        }

        internal readonly struct Times(float factor) : IUnaryOperation
        {
            public T Apply<T>(T x) where T : struct, ILane<T> => x * T.Constant(factor);
            public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Constant(factor);
        }

        internal readonly struct Over(float divisor) : IUnaryOperation
        {
            public T Apply<T>(T x) where T : struct, ILane<T> => x / T.Constant(divisor);
            public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Constant(1f / divisor);
        }

        internal readonly struct Divided(float dividend) : IUnaryOperation
        {
            public T Apply<T>(T x) where T : struct, ILane<T> => T.Constant(dividend) / x;
            public T Derivative<T>(T x, T y) where T : struct, ILane<T> => -y / x;
        }
    }
}
