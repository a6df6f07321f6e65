using System.Runtime.CompilerServices;

namespace SeqCore.Kernels;

internal static partial class Elementary
{
    private const float SmallestNormal = 1.17549435e-38f;
    private const float TwoTo25 = 33554432f;

    /// <summary>The natural logarithm. Error at most 1 ulp; -infinity for 0 and -0, NaN below 0 and for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Log<T>(T x) where T : struct, IVectorLane<T>
    {
        var smallest = T.Constant(SmallestNormal);
        var normal = T.WhereLess(x, smallest, x * T.Constant(TwoTo25), x);
        var f = T.SplitExponent(normal, out var n) - T.Constant(1f);
        n = T.WhereLess(x, smallest, n - T.Constant(25f), n);

        // log(1 + f) = f - f^2 / 2 + f^3 p(f) for f in [sqrt(1/2) - 1, sqrt(2) - 1], relative error 5.8e-9.
        var p = T.Constant(-0.07634497f);
        p = T.MultiplyAdd(p, f, T.Constant(0.12761576f));
        p = T.MultiplyAdd(p, f, T.Constant(-0.13160183f));
        p = T.MultiplyAdd(p, f, T.Constant(0.14201757f));
        p = T.MultiplyAdd(p, f, T.Constant(-0.16623357f));
        p = T.MultiplyAdd(p, f, T.Constant(0.20001227f));
        p = T.MultiplyAdd(p, f, T.Constant(-0.2500082f));
        p = T.MultiplyAdd(p, f, T.Constant(0.33333331f));
        var square = f * f;
        var tail = T.MultiplyAdd(n, T.Constant(-2.12194440e-4f), p * (square * f));
        var log = T.MultiplyAdd(n, T.Constant(0.693359375f), T.MultiplyAdd(square, T.Constant(-0.5f), tail) + f);

        var zero = T.Constant(0f);
        var special = T.WhereEqual(x, zero, T.Constant(float.NegativeInfinity), T.Constant(float.NaN));
        return T.WhereLess(zero, x, T.WhereLess(x, T.Constant(float.PositiveInfinity), log, x), special);
    }
}
