using System.Runtime.CompilerServices;
using SeqCore.Kernels.Elementwise;

namespace SeqCore.Kernels.Operations;

/// <summary>
/// x / (1 + e^(-2u)) = x (1 + tanh u) / 2 with u = sqrt(2 / pi) (x + 0.044715 x^3); 0 at -infinity (Hendrycks and Gimpel,
/// "Gaussian error linear units", arXiv:1606.08415)
/// </summary>
public readonly struct GeluTanhOperation : IUnaryOperation
{
    /// <summary>sqrt(8 / pi), in two parts.</summary>
    private const float LinearHigh = 1.595768928527832f;
    private const float LinearLow = 1.930778950054446e-07f;

    /// <summary>0.044715 sqrt(8 / pi), in two parts.</summary>
    private const float Cubic = 0.07135481387376785f;
    private const float CubicLow = 2.3988324659995897e-09f;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, ILane<T>
    {
        // From 7 on the factor is 1 in float32, below -11 it is 0; the limits avoid infinity in the quotient.
        var limited = Formulas.AtLeast(x, -11f);
        var e = ExpTwoU(Formulas.AtMost(limited, 7f));
        return limited * (e / (e + T.Constant(1f)));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T>
    {
        var t = Formulas.AtMost(Formulas.AtLeast(x, -11f), 7f);
        var e = ExpTwoU(t);
        var d = T.Constant(1f) / (e + T.Constant(1f));
        var s = e * d;
        var slope = T.MultiplyAdd(T.Constant(3f * Cubic), t * t, T.Constant(LinearHigh));
        return T.MultiplyAdd(t * s * d, slope, s);
    }

    /// <summary>
    /// e^(2u). In the left tail 2u reaches -104, where its rounding alone would cost 4e-6 of the result: the rounding error of
    /// each step is computed and added.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T ExpTwoU<T>(T x) where T : struct, ILane<T>
    {
        // 2u = x (linear + cubic x^2). LinearHigh has 21 bits, so that (sum - LinearHigh) is exact.
        var square = x * x;
        var squareError = T.ProductError(x, x, square);
        var cubic = T.Constant(Cubic) * square;
        var cubicError = T.ProductError(T.Constant(Cubic), square, cubic);
        var sum = T.Constant(LinearHigh) + cubic;
        var sumError = cubic - (sum - T.Constant(LinearHigh)) + cubicError;
        sumError = T.MultiplyAdd(T.Constant(Cubic), squareError, sumError);
        sumError += T.MultiplyAdd(T.Constant(CubicLow), square, T.Constant(LinearLow));
        var twoU = x * sum;
        var error = T.MultiplyAdd(x, sumError, T.ProductError(x, sum, twoU));
        var e = T.Exp(twoU);
        return T.MultiplyAdd(e, error, e);
    }
}

/// <summary>
/// x Phi(x), Phi the normal distribution function; 0 at -infinity (Hendrycks and Gimpel, "Gaussian error linear units",
/// arXiv:1606.08415)
/// </summary>
public readonly struct GeluErfOperation : IUnaryOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, ILane<T>
    {
        // Below -15 Phi is 0 in float32; the limit avoids -infinity times 0.
        return Formulas.AtLeast(x, -15f) * T.NormalCdf(x);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T>
    {
        // Phi(x) + x phi(x); beyond 15 both corrections are 0 in float32.
        var t = Formulas.AtMost(Formulas.AtLeast(x, -15f), 15f);
        var density = T.Constant(0.39894228f) * T.Exp(T.Constant(-0.5f) * t * t);
        return T.MultiplyAdd(t, density, T.NormalCdf(x));
    }
}
