using System.Runtime.CompilerServices;
using SeqCore.Kernels;

namespace SeqCore;

/// <summary>
/// NumPy's <c>isclose</c>: 1 where |x - y| &lt;= a + r |y| and y is finite, or x = y (infinities too), or, if <c>nanEqual</c>,
/// both are NaN; else 0.
/// </summary>
internal readonly struct CloseOperation(float relative, float absolute, bool nanEqual) : IBinaryOperation
{
    // The fields of a GPU kernel must be numbers.
    private readonly int nan = nanEqual ? 1 : 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x, T y) where T : struct, ILane<T>
    {
        var one = T.Constant(1f);
        var zero = T.Constant(0f);
        var within = T.WhereLessOrEqual(T.Abs(x - y), T.Constant(absolute) + T.Constant(relative) * T.Abs(y), one, zero);
        var close = T.WhereEqual(x, y, one, T.WhereLessOrEqual(T.Abs(y), T.Constant(float.MaxValue), within, zero));
        var bothNaN = T.WhereEqual(x, x, zero, T.WhereEqual(y, y, zero, one));
        return nan != 0 ? T.Max(close, bothNaN) : close;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T DerivativeX<T>(T x, T y, T z) where T : struct, ILane<T> => T.Constant(0f);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T DerivativeY<T>(T x, T y, T z) where T : struct, ILane<T> => T.Constant(0f);
}
