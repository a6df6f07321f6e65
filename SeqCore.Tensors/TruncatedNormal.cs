using System.Runtime.CompilerServices;
using SeqCore.Kernels;

namespace SeqCore;

/// <summary>
/// Turns a uniform number u in [erf(a), erf(b)) into a normal one between low and high, by the inverse of the distribution:
/// y = mean + s sqrt(2) erfinv(u), where a and b are low and high less the mean, over s sqrt(2).
/// The inverse error function is the single-precision polynomial of M. Giles, "Approximating the erfinv function",
/// GPU Computing Gems, Jade Edition, 2011.
/// </summary>
internal readonly struct TruncatedNormal(float mean, float standardDeviation, float low, float high) : IUnaryOperation
{
    private readonly float scale = standardDeviation * MathF.Sqrt(2f);

    internal float LowestQuantile => Quantile(low);

    internal float HighestQuantile => Quantile(high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, ILane<T> =>
        T.Max(T.Min(T.MultiplyAdd(InverseErf(x), T.Constant(scale), T.Constant(mean)), T.Constant(high)), T.Constant(low));

    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Constant(0f);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T InverseErf<T>(T x) where T : struct, ILane<T>
    {
        var one = T.Constant(1f);
        var w = -T.Log((one - x) * (one + x));
        var v = w - T.Constant(2.5f);
        var centre = T.Constant(2.81022636e-08f);
        centre = T.MultiplyAdd(centre, v, T.Constant(3.43273939e-07f));
        centre = T.MultiplyAdd(centre, v, T.Constant(-3.5233877e-06f));
        centre = T.MultiplyAdd(centre, v, T.Constant(-4.39150654e-06f));
        centre = T.MultiplyAdd(centre, v, T.Constant(0.00021858087f));
        centre = T.MultiplyAdd(centre, v, T.Constant(-0.00125372503f));
        centre = T.MultiplyAdd(centre, v, T.Constant(-0.00417768164f));
        centre = T.MultiplyAdd(centre, v, T.Constant(0.246640727f));
        centre = T.MultiplyAdd(centre, v, T.Constant(1.50140941f));
        v = T.Sqrt(w) - T.Constant(3f);
        var tail = T.Constant(-0.000200214257f);
        tail = T.MultiplyAdd(tail, v, T.Constant(0.000100950558f));
        tail = T.MultiplyAdd(tail, v, T.Constant(0.00134934322f));
        tail = T.MultiplyAdd(tail, v, T.Constant(-0.00367342844f));
        tail = T.MultiplyAdd(tail, v, T.Constant(0.00573950773f));
        tail = T.MultiplyAdd(tail, v, T.Constant(-0.0076224613f));
        tail = T.MultiplyAdd(tail, v, T.Constant(0.00943887047f));
        tail = T.MultiplyAdd(tail, v, T.Constant(1.00167406f));
        tail = T.MultiplyAdd(tail, v, T.Constant(2.83297682f));
        return x * T.WhereLess(w, T.Constant(5f), centre, tail);
    }

    /// <summary>
    /// Computes the error function in double precision, by its series near 0 and its continued fraction in the tails.
    /// </summary>
    internal static double Erf(double x)
    {
        var a = Math.Abs(x);
        if (a > 6)
            return Math.Sign(x);
        if (a > 2.5)
        {
            var fraction = a;
            for (var n = 60; n > 0; n--)
                fraction = a + n / 2d / fraction;
            return Math.CopySign(1 - Math.Exp(-a * a) / (fraction * Math.Sqrt(Math.PI)), x);
        }

        double term = x, sum = x;
        for (var n = 1; Math.Abs(term) > 1e-18 * Math.Abs(sum); n++)
        {
            term *= -x * x / n;
            sum += term / (2 * n + 1);
        }

        return 2 / Math.Sqrt(Math.PI) * sum;
    }

    private float Quantile(float value)
    {
        var quantile = standardDeviation == 0f ? Math.Sign(value - mean) : Erf(((double)value - mean) / scale);
        // The nearest floats to 1 and -1 would give infinity.
        return (float)Math.Clamp(quantile, -1 + 1e-7, 1 - 1e-7);
    }
}
