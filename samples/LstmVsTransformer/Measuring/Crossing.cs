namespace SeqCore.Samples.LstmVsTransformer.Measuring;

/// <summary>Where two curves cross.</summary>
/// <param name="X">By interpolation of log y over log x between two measured points.</param>
/// <param name="Y">Likewise.</param>
/// <param name="LessAfter">The model whose values are the lesser ones beyond.</param>
internal readonly record struct Crossing(double X, double Y, string LessAfter)
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
    private static Crossing Between(Pair left, Pair right, string lessAfter)
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
