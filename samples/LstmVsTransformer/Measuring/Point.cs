namespace SeqCore.Samples.LstmVsTransformer.Measuring;

/// <summary>One measured point of a curve.</summary>
/// <param name="X">Length, position or distance.</param>
/// <param name="Y">Seconds, bytes or a norm.</param>
internal readonly record struct Point(double X, double Y);

/// <summary>What was measured of one model.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Points">In rising order of X.</param>
internal sealed record Curve(string Model, IReadOnlyList<Point> Points)
{
    /// <summary>The value at an X that was measured; null where it was not.</summary>
    internal double? At(double x) => Points.Where(p => p.X == x).Select(p => (double?)p.Y).FirstOrDefault();

    /// <summary>The last point; null where there is none.</summary>
    internal Point? Last => Points.Count == 0 ? null : Points[^1];
}
