using System.Runtime.CompilerServices;

namespace SeqCore.Kernels;

/// <summary>
/// The number mantissa 2^exponent: a product of any number of floats stays within its range. The mantissa is 0, not finite, or
/// within 2^-256 and 2^256, so that most products need no change of the exponent.
/// </summary>
internal readonly struct ScaledDouble
{
    private const double Most = 1.157920892373162e77, Least = 1 / Most;

    private readonly double mantissa;
    private readonly double exponent;

    /// <param name="mantissa">0, not finite, or within the range of floats.</param>
    internal ScaledDouble(double mantissa) => this.mantissa = mantissa;

    private ScaledDouble(double mantissa, double exponent)
    {
        this.mantissa = mantissa;
        this.exponent = exponent;
    }

    internal static ScaledDouble One => new(1);

    /// <summary>The nearest float.</summary>
    internal float Value => exponent == 0
        ? (float)mantissa
        : (float)Math.ScaleB(mantissa, (int)Math.Clamp(exponent, -2000, 2000));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScaledDouble operator *(ScaledDouble x, double factor) => Of(x.mantissa * factor, x.exponent);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScaledDouble operator *(ScaledDouble x, ScaledDouble y) =>
        Of(x.mantissa * y.mantissa, x.exponent + y.exponent);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScaledDouble operator +(ScaledDouble x, ScaledDouble y) =>
        x.exponent == y.exponent ? Of(x.mantissa + y.mantissa, x.exponent) : Align(x, y);

    // With the larger exponent; what the other number loses below 2^-1022 is far below the rounding of the sum.
    private static ScaledDouble Align(ScaledDouble x, ScaledDouble y)
    {
        if (x.mantissa == 0)
            return y;
        if (y.mantissa == 0)
            return x;
        if (x.exponent < y.exponent)
            (x, y) = (y, x);
        var down = (int)Math.Max(y.exponent - x.exponent, -2000);
        return Of(x.mantissa + Math.ScaleB(y.mantissa, down), x.exponent);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ScaledDouble Of(double mantissa, double exponent) =>
        Math.Abs(mantissa) is >= Least and <= Most ? new(mantissa, exponent) : Normalize(mantissa, exponent);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ScaledDouble Normalize(double mantissa, double exponent)
    {
        if (mantissa == 0 || !double.IsFinite(mantissa))
            return new(mantissa);
        var shift = Math.ILogB(mantissa);
        return new(Math.ScaleB(mantissa, -shift), exponent + shift);
    }
}
