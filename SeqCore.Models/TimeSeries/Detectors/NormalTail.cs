namespace SeqCore.Models;

/// <summary>The upper tail of the standard normal distribution, to about 14 digits.</summary>
internal static class NormalTail
{
    // Below it the series converges fast; above it the continued fraction does.
    private const double Switch = 2.5;
    private const int Terms = 80;

    /// <summary>Returns the probability of a value above z, Q(z) = erfc(z / sqrt 2) / 2.</summary>
    internal static double Above(double z) => z < 0 ? 1 - Above(-z) : z < Switch ? 0.5 - Below(z) : Far(z);

    /// <summary>The area from 0 to z: phi(z) (z + z^3 / 3 + z^5 / (3 5) + ...).</summary>
    private static double Below(double z)
    {
        var (term, sum) = (z, z);
        for (var i = 1; i < Terms; i++)
        {
            term *= z * z / ((2 * i) + 1);
            sum += term;
        }

        return sum * Density(z);
    }

    /// <summary>phi(z) / (z + 1 / (z + 2 / (z + 3 / ...))).</summary>
    private static double Far(double z)
    {
        var fraction = z;
        for (var i = Terms; i > 0; i--)
            fraction = z + (i / fraction);
        return Density(z) / fraction;
    }

    private static double Density(double z) => Math.Exp(-z * z / 2) / Math.Sqrt(Math.Tau);
}
