using System.Text.Json.Serialization;

namespace SeqCore.Samples.LstmVsTransformer;

/// <summary>One measured point of a curve.</summary>
/// <param name="X">Length, position or distance.</param>
/// <param name="Y">Seconds, bytes or a norm.</param>
[method: JsonConstructor]
internal readonly record struct Point(double X, double Y);

/// <summary>The measurements of one model.</summary>
/// <param name="Model">The model.</param>
/// <param name="Points">The points in rising order of X.</param>
internal sealed record Curve(Contender Model, IReadOnlyList<Point> Points)
{
    /// <summary>The value at an X that was measured; null where it was not.</summary>
    internal double? At(double x) => Points.Where(p => p.X == x).Select(p => (double?)p.Y).FirstOrDefault();

    /// <summary>The last point; null where there is none.</summary>
    internal Point? Last => Points.Count == 0 ? null : Points[^1];

    /// <summary>The exponent with which the values grow between the two longest lengths; null where there are too few.</summary>
    internal double? Exponent => PowerLaw.AtTheEnd(Points);
}

/// <summary>The measurements of several models.</summary>
internal static class CurveList
{
    /// <summary>The curve of one model; null where there is none or it is empty.</summary>
    internal static Curve? Of(this IReadOnlyList<Curve> curves, Contender model) =>
        curves.FirstOrDefault(c => c.Model == model && c.Points.Count > 0);
}

/// <summary>The point where two curves cross.</summary>
/// <param name="X">The horizontal coordinate, interpolated as log y over log x between two measured points.</param>
/// <param name="Y">The vertical coordinate, interpolated in the same way.</param>
/// <param name="LessAfter">The model with the smaller values after the crossing.</param>
internal readonly record struct Crossing(double X, double Y, Contender LessAfter)
{
    /// <summary>Every crossing, over the X that both curves have.</summary>
    internal static IReadOnlyList<Crossing> Find(Curve a, Curve b)
    {
        var crossings = new List<Crossing>();
        var shared = Shared(a, b);
        var before = 0;
        for (var i = 0; i < shared.Count; i++)
        {
            var sign = Math.Sign(shared[i].Difference);
            if (sign == 0)
                continue;
            if (before != 0 && sign != before)
                crossings.Add(Between(shared[i - 1], shared[i], sign < 0 ? a.Model : b.Model));
            before = sign;
        }

        return crossings;
    }

    /// <summary>At which of the shared X the first curve is below the second.</summary>
    internal static IReadOnlyList<bool> FirstIsLess(Curve a, Curve b) => [.. Shared(a, b).Select(p => p.Difference < 0)];

    // The point before a change of sign may lie on both curves; then it is the crossing.
    private static Crossing Between(Pair left, Pair right, Contender lessAfter)
    {
        var share = left.Difference / (left.Difference - right.Difference);
        return new Crossing(Math.Exp(left.X + share * (right.X - left.X)),
            Math.Exp(left.Y + share * (right.Y - left.Y)), lessAfter);
    }

    private static List<Pair> Shared(Curve a, Curve b) =>
        [.. from p in a.Points
            join q in b.Points on p.X equals q.X
            orderby p.X
            select new Pair(Math.Log(p.X), Math.Log(p.Y), Math.Log(p.Y) - Math.Log(q.Y))];

    private readonly record struct Pair(double X, double Y, double Difference);
}

/// <summary>y = c N^p: how a cost grows with the length of a sequence.</summary>
/// <param name="Factor">The factor c.</param>
/// <param name="Exponent">The exponent p.</param>
internal readonly record struct PowerLaw(double Factor, double Exponent)
{
    /// <summary>Fits log y = log c + p log N by least squares.</summary>
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
    /// The exponent between the two longest lengths, which a fit over all lengths hides where a cost only begins to matter.
    /// </summary>
    /// <returns>Null where there are too few points.</returns>
    internal static double? AtTheEnd(IReadOnlyList<Point> points) => Fit([.. points.OrderBy(p => p.X).TakeLast(2)])?.Exponent;
}

/// <summary>The median and the range of the results of several seeds.</summary>
internal readonly record struct Spread(double Median, double Least, double Most)
{
    /// <summary>The spread of at least one value; infinity means that something never happened.</summary>
    internal static Spread Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        var median = sorted.Length % 2 == 1 || double.IsInfinity(sorted[middle])
            ? sorted[middle]
            : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[^1]);
    }
}
