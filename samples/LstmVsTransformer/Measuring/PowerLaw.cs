namespace SeqCore.Samples.LstmVsTransformer.Measuring;

/// <summary>y = c N^p: how a cost grows with the length of a sequence.</summary>
/// <param name="Factor">c</param>
/// <param name="Exponent">p</param>
internal readonly record struct PowerLaw(double Factor, double Exponent)
{
    /// <summary>The least squares of log y = log c + p log N.</summary>
    /// <param name="points">At least two, all coordinates above 0; not all of one N.</param>
    /// <returns>Null where there are too few points.</returns>
    internal static PowerLaw? Fit(IReadOnlyList<Point> points)
    {
        if (points.Select(p => p.X).Distinct().Count() < 2)
            return null;
        var xs = points.Select(p => Math.Log(p.X)).ToArray();
        var ys = points.Select(p => Math.Log(p.Y)).ToArray();
        var (meanX, meanY) = (xs.Average(), ys.Average());
        var exponent = xs.Zip(ys, (x, y) => (x - meanX) * (y - meanY)).Sum() / xs.Sum(x => (x - meanX) * (x - meanX));
        return new PowerLaw(Math.Exp(meanY - exponent * meanX), exponent);
    }

    /// <summary>
    /// The exponent between the two longest lengths: what the fit over all of them hides where a cost only begins to matter.
    /// </summary>
    /// <returns>Null where there are too few points.</returns>
    internal static double? AtTheEnd(IReadOnlyList<Point> points) => Fit([.. points.OrderBy(p => p.X).TakeLast(2)])?.Exponent;
}
