using System.Runtime.CompilerServices;

namespace SeqCore.Kernels;

internal static unsafe partial class Elementary
{
    /// <summary>x - y trunc(x / y), exact, with the sign of x, as C's fmod. For lanes of the CPU.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Remainder<T>(T x, T y) where T : struct, IVectorLane<T>
    {
        // A quotient of up to 22 bits may be rounded up to the next integer, and then the difference is negative; it is exact
        // in either case. The bounds keep the rounding error of the product a normal number without a fused multiply-add.
        T a = T.Abs(x), b = T.Abs(y), zero = T.Constant(0f), one = T.Constant(1f);
        var quotient = T.Floor(a / b);
        var product = quotient * b;
        var r = a - product - T.ProductError(quotient, b, product);
        r = T.CopySign(T.WhereLess(r, zero, r + b, r), x);
        var isHard = T.WhereLessOrEqual(quotient, T.Constant(4194304f), zero, one);
        isHard = T.WhereLessOrEqual(T.Constant(1e-28f), b, isHard, one);
        isHard = T.WhereLessOrEqual(T.Max(a, b), T.Constant(1e34f), isHard, one);
        return T.MaxElement(isHard) == 0f ? r : RemainderOfEach(x, y);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static T RemainderOfEach<T>(T x, T y) where T : struct, IVectorLane<T>
    {
        var xs = stackalloc float[2 * T.Count];
        var ys = xs + T.Count;
        T.Store(x, xs);
        T.Store(y, ys);
        for (var i = 0; i < T.Count; i++)
            xs[i] %= ys[i];
        return T.Load(xs);
    }
}
