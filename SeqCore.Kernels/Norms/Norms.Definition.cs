namespace SeqCore.Kernels;

internal static partial class Definition
{
    /// <summary>
    /// y_c = (x_c - mean) rstd w_c + b_c of one row, with rstd = 1 / sqrt(variance + epsilon) and the variance over n. Shapes
    /// (columns); an empty weight is 1, an empty bias 0.
    /// </summary>
    internal static (double[] Y, double Mean, double Rstd) LayerNorm(ReadOnlySpan<double> x, ReadOnlySpan<double> weight,
        ReadOnlySpan<double> bias, double epsilon)
    {
        var mean = Reduce(ReductionKind.Mean, x);
        var variance = 0.0;
        foreach (var value in x)
            variance += (value - mean) * (value - mean) / x.Length;
        var rstd = 1 / Math.Sqrt(variance + epsilon);
        var y = new double[x.Length];
        for (var c = 0; c < y.Length; c++)
            y[c] = ((x[c] - mean) * rstd * (weight.IsEmpty ? 1 : weight[c])) + (bias.IsEmpty ? 0 : bias[c]);
        return (y, mean, rstd);
    }

    /// <summary>
    /// With n_c = (x_c - mean) rstd and g_c = dY_c w_c: dX_c = rstd (g_c - mean(g) - n_c mean(g n)); for the gradients of the
    /// parameters, dY_c n_c is added to dWeight and dY_c to dBias. Shapes (columns).
    /// </summary>
    internal static double[] LayerNormGradient(ReadOnlySpan<double> x, ReadOnlySpan<double> weight, double epsilon,
        ReadOnlySpan<double> dY, Span<double> dWeight, Span<double> dBias)
    {
        var (normalised, _, rstd) = LayerNorm(x, default, default, epsilon);
        for (var c = 0; c < x.Length; c++)
            dBias[c] += dY[c];
        return NormGradient(normalised, rstd, weight, dY, dWeight, isCentred: true);
    }

    /// <summary>
    /// y_c = x_c rstd w_c of one row, with rstd = 1 / sqrt(mean(x^2) + epsilon). Shapes (columns); an empty weight is 1.
    /// </summary>
    internal static (double[] Y, double Rstd) RmsNorm(ReadOnlySpan<double> x, ReadOnlySpan<double> weight, double epsilon)
    {
        var rstd = 1 / Math.Sqrt((Reduce(ReductionKind.SumOfSquares, x) / x.Length) + epsilon);
        var y = new double[x.Length];
        for (var c = 0; c < y.Length; c++)
            y[c] = x[c] * rstd * (weight.IsEmpty ? 1 : weight[c]);
        return (y, rstd);
    }

    /// <summary>Works like <see cref="LayerNormGradient"/> without mean(g), since no mean is subtracted.</summary>
    internal static double[] RmsNormGradient(ReadOnlySpan<double> x, ReadOnlySpan<double> weight, double epsilon,
        ReadOnlySpan<double> dY, Span<double> dWeight)
    {
        var (normalised, rstd) = RmsNorm(x, default, epsilon);
        return NormGradient(normalised, rstd, weight, dY, dWeight, isCentred: false);
    }

    private static double[] NormGradient(ReadOnlySpan<double> normalised, double rstd, ReadOnlySpan<double> weight,
        ReadOnlySpan<double> dY, Span<double> dWeight, bool isCentred)
    {
        var g = new double[dY.Length];
        for (var c = 0; c < g.Length; c++)
        {
            g[c] = dY[c] * (weight.IsEmpty ? 1 : weight[c]);
            dWeight[c] += dY[c] * normalised[c];
        }

        double mean = isCentred ? Reduce(ReductionKind.Mean, g) : 0, along = Dot(g, normalised) / g.Length;
        for (var c = 0; c < g.Length; c++)
            g[c] = rstd * (g[c] - mean - (normalised[c] * along));
        return g;
    }
}
