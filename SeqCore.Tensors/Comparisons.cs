using SeqCore.Kernels;

namespace SeqCore.Tensors;

/// <summary>Comparisons that give 1 where they hold and 0 elsewhere, also where an element is NaN (there x != y is 1). No gradient flows.</summary>
internal static class Comparisons
{
    internal readonly struct Less : IBinaryOperation
    {
        public T Apply<T>(T x, T y) where T : struct, ILane<T> => T.WhereLess(x, y, T.Constant(1f), T.Constant(0f));

        public T DerivativeX<T>(T x, T y, T z) where T : struct, ILane<T> => T.Constant(0f);

        public T DerivativeY<T>(T x, T y, T z) where T : struct, ILane<T> => T.Constant(0f);
    }

    internal readonly struct LessOrEqual : IBinaryOperation
    {
        public T Apply<T>(T x, T y) where T : struct, ILane<T> => T.WhereLessOrEqual(x, y, T.Constant(1f), T.Constant(0f));

        public T DerivativeX<T>(T x, T y, T z) where T : struct, ILane<T> => T.Constant(0f);

        public T DerivativeY<T>(T x, T y, T z) where T : struct, ILane<T> => T.Constant(0f);
    }

    internal readonly struct Equal : IBinaryOperation
    {
        public T Apply<T>(T x, T y) where T : struct, ILane<T> => T.WhereEqual(x, y, T.Constant(1f), T.Constant(0f));

        public T DerivativeX<T>(T x, T y, T z) where T : struct, ILane<T> => T.Constant(0f);

        public T DerivativeY<T>(T x, T y, T z) where T : struct, ILane<T> => T.Constant(0f);
    }

    internal readonly struct NotEqual : IBinaryOperation
    {
        public T Apply<T>(T x, T y) where T : struct, ILane<T> => T.WhereEqual(x, y, T.Constant(0f), T.Constant(1f));

        public T DerivativeX<T>(T x, T y, T z) where T : struct, ILane<T> => T.Constant(0f);

        public T DerivativeY<T>(T x, T y, T z) where T : struct, ILane<T> => T.Constant(0f);
    }

    /// <summary>A comparison with one number on the right.</summary>
    internal readonly struct With<TComparison>(TComparison comparison, float right) : IUnaryOperation
        where TComparison : struct, IBinaryOperation
    {
        public T Apply<T>(T x) where T : struct, ILane<T> => comparison.Apply(x, T.Constant(right));

        public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Constant(0f);
    }

    /// <summary>A comparison with one number on the left.</summary>
    internal readonly struct From<TComparison>(float left, TComparison comparison) : IUnaryOperation
        where TComparison : struct, IBinaryOperation
    {
        public T Apply<T>(T x) where T : struct, ILane<T> => comparison.Apply(T.Constant(left), x);

        public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Constant(0f);
    }

    /// <summary>
    /// 1 where |x - y| &lt;= a + r |y| and y is finite, or x = y (infinities too), or, if asked, both are NaN: NumPy's
    /// <c>isclose</c>.
    /// </summary>
    internal readonly struct Close(float relative, float absolute, bool nanEqual) : IBinaryOperation
    {
        public T Apply<T>(T x, T y) where T : struct, ILane<T>
        {
            var one = T.Constant(1f);
            var zero = T.Constant(0f);
            var within = T.WhereLessOrEqual(T.Abs(x - y), T.Constant(absolute) + T.Constant(relative) * T.Abs(y), one, zero);
            var close = T.WhereEqual(x, y, one, T.WhereLessOrEqual(T.Abs(y), T.Constant(float.MaxValue), within, zero));
            var bothNaN = T.WhereEqual(x, x, zero, T.WhereEqual(y, y, zero, one));
            return nanEqual ? T.Max(close, bothNaN) : close;
        }

        public T DerivativeX<T>(T x, T y, T z) where T : struct, ILane<T> => T.Constant(0f);

        public T DerivativeY<T>(T x, T y, T z) where T : struct, ILane<T> => T.Constant(0f);
    }
}
