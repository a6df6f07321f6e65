namespace SeqCore.Tests.Kernels.Simd;

/// <summary>Functions in float64, as plainly as they are defined, and the distance of floats from them.</summary>
public static class Oracle
{
    public static double Sigmoid(double x) => x >= 0 ? 1 / (1 + Math.Exp(-x)) : Math.Exp(x) / (1 + Math.Exp(x));

    public static double Erf(double x) => Math.Abs(x) < 2 ? ErfSeries(x) : Math.CopySign(1 - Erfc(Math.Abs(x)), x);

    /// <summary>1 - erf x, with its relative accuracy kept where it is small.</summary>
    public static double Erfc(double x)
    {
        if (x < 2)
            return double.IsNaN(x) ? x : x < -6 ? 2 : 1 - Erf(x);
        if (x > 30)
            return 0;

        // e^(-x^2) / (sqrt(pi) (x + (1/2) / (x + (2/2) / (x + (3/2) / ...)))), from the inside out.
        var fraction = x;
        for (var k = 200; k >= 1; k--)
            fraction = x + k / 2.0 / fraction;
        return Math.Exp(-x * x) / Math.Sqrt(Math.PI) / fraction;
    }

    public static double NormalCdf(double x) => Erfc(-x / Math.Sqrt(2)) / 2;

    /// <summary>e^x - 1 without cancellation: 2 sinh(x / 2) e^(x / 2).</summary>
    public static double Expm1(double x) => Math.Abs(x) < 1 ? 2 * Math.Sinh(x / 2) * Math.Exp(x / 2) : Math.Exp(x) - 1;

    /// <summary>log(1 + x) without cancellation: 2 atanh(x / (2 + x)).</summary>
    public static double Log1p(double x) => Math.Abs(x) < 0.5 ? 2 * Math.Atanh(x / (2 + x)) : Math.Log(1 + x);

    public static double GeluErf(double x) => double.IsNegativeInfinity(x) ? 0 : x * NormalCdf(x);

    public static double GeluTanh(double x) =>
        double.IsNegativeInfinity(x) ? 0 : x * Sigmoid(2 * Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x));

    /// <summary>|actual - expected| in units of the last place of the float nearest to expected.</summary>
    public static double UlpError(float actual, double expected)
    {
        if (SameSpecial(actual, (float)expected))
            return 0;
        var nearest = Math.Min(Math.Abs((float)expected), float.MaxValue);
        return Math.Abs(actual - expected)
            / (MathF.BitIncrement(nearest) - (double)nearest is var ulp && double.IsFinite(ulp) ? ulp : Math.Pow(2, 104));
    }

    /// <summary>
    /// |actual - expected| / |expected|; below the smallest normal float, relative to that one's last place: one subnormal
    /// step counts as 6e-8.
    /// </summary>
    public static double RelativeError(float actual, double expected) =>
        SameSpecial(actual, (float)expected) ? 0 : Math.Abs(actual - expected) / Math.Max(Math.Abs(expected), 1.17549435e-38 * 2);

    // e^(-x^2) times the sum of 2^n x^(2n + 1) / (1 3 5 ... (2n + 1)), times 2 / sqrt(pi): no term is negative.
    private static double ErfSeries(double x)
    {
        double term = x, sum = x;
        for (var n = 1; n < 200 && term != 0; n++)
        {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }

        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }

    private static bool SameSpecial(float actual, float expected) =>
        float.IsNaN(expected) ? float.IsNaN(actual) : actual == expected;
}
