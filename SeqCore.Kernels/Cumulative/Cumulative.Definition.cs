namespace SeqCore.Kernels;

internal static partial class Definition
{
    /// <summary>
    /// y_i = sum or product of x_j for j &lt;= i, of one row; from the end if reverse, without j = i if exclusive.
    /// </summary>
    internal static double[] Cumulative(ReadOnlySpan<double> x, bool multiplies, bool reverse, bool exclusive)
    {
        var y = new double[x.Length];
        for (var i = 0; i < y.Length; i++)
        {
            y[i] = multiplies ? 1 : 0;
            for (var j = 0; j < y.Length; j++)
            {
                if ((reverse ? j > i : j < i) || (j == i && !exclusive))
                    y[i] = multiplies ? y[i] * x[j] : y[i] + x[j];
            }
        }

        return y;
    }

    /// <summary>
    /// dX_k = sum_i dY_i prod_(j != k) x_j, over the products y_i that x_k is a factor of, for one row: the gradient of the
    /// cumulative product.
    /// </summary>
    internal static double[] CumulativeProductGradient(ReadOnlySpan<double> x, ReadOnlySpan<double> dY, bool reverse,
        bool exclusive)
    {
        var dX = new double[x.Length];
        for (var k = 0; k < x.Length; k++)
        {
            // Products that do not have x_k as a factor are unchanged by it.
            double[] one = [.. x], zero = [.. x];
            (one[k], zero[k]) = (1, 0);
            var with = Cumulative(one, true, reverse, exclusive);
            var without = Cumulative(zero, true, reverse, exclusive);
            for (var i = 0; i < x.Length; i++)
                dX[k] += dY[i] * (with[i] - without[i]);
        }

        return dX;
    }
}
