using ILGPU;

namespace SeqCore.Kernels;

/// <summary>
/// The number mantissa 2^exponent, of which |mantissa| is in [1, 2), 0, infinity or NaN: a product of floats stays within its
/// range. Exponents are whole numbers, and exact up to 2^24, the product of 110,000 of the smallest floats.
/// </summary>
internal readonly struct ScaledFloat(float mantissa, float exponent)
{
    internal float Mantissa { get; } = mantissa;

    internal float Exponent { get; } = exponent;

    internal static ScaledFloat Zero => new(0f, 0f);

    internal static ScaledFloat One => new(1f, 0f);

    /// <summary>
    /// The nearest float. The power is multiplied in two steps, since it may exceed the range of floats itself.
    /// </summary>
    internal float Value
    {
        get
        {
            var n = (int)IntrinsicMath.Clamp(Exponent, -250f, 250f);
            var half = n >> 1;
            return Mantissa * PowerOf2(half) * PowerOf2(n - half);
        }
    }

    internal static ScaledFloat Of(float x)
    {
        const float Up = 16777216f;
        var bits = Interop.FloatAsInt(x);
        var exponent = (int)((bits >> 23) & 255u);
        if (exponent == 0)
        {
            bits = Interop.FloatAsInt(x * Up);
            exponent = (int)((bits >> 23) & 255u) - 24;
        }

        return IsZero(bits) || exponent == 255
            ? new(x, 0f)
            : new(Interop.IntAsFloat((bits & 0x807fffffu) | 0x3f800000u), exponent - 127);
    }

    internal ScaledFloat Times(ScaledFloat other)
    {
        float product = Mantissa * other.Mantissa, sum = Exponent + other.Exponent;
        return IntrinsicMath.Abs(product) >= 2f ? new(product * 0.5f, sum + 1f) : new(product, sum);
    }

    internal ScaledFloat Plus(ScaledFloat other)
    {
        if (IsZero(Interop.FloatAsInt(Mantissa)))
            return other;
        if (IsZero(Interop.FloatAsInt(other.Mantissa)))
            return this;

        // With the larger exponent; 2^-64 is far below the rounding of the sum.
        var apart = (int)IntrinsicMath.Clamp(Exponent - other.Exponent, -64f, 64f);
        var sum = apart >= 0
            ? Mantissa + other.Mantissa * PowerOf2(-apart)
            : Mantissa * PowerOf2(apart) + other.Mantissa;
        var scaled = Of(sum);
        return new(scaled.Mantissa, scaled.Exponent + (apart >= 0 ? Exponent : other.Exponent));
    }

    private static bool IsZero(uint bits) => (bits & 0x7fffffffu) == 0u;

    private static float PowerOf2(int n) => Interop.IntAsFloat((uint)(n + 127) << 23);
}
