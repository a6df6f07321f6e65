namespace SeqCore.Models;

/// <summary>
/// Minimizes a function of a few numbers without its gradient (Nelder and Mead, "A simplex method for function minimization", The
/// Computer Journal 7, 1965), with reflection 1, expansion 2, contraction and shrinking 1/2.
/// </summary>
internal static class NelderMead
{
    /// <param name="function">The function; NaN counts as infinity.</param>
    /// <param name="start">Where the search begins.</param>
    /// <param name="evaluations">The largest number of evaluations.</param>
    internal static double[] Minimize(Func<double[], double> function, double[] start, int evaluations = 600)
    {
        var left = evaluations;
        double Value(double[] x)
        {
            left--;
            return function(x) is var value && double.IsNaN(value) ? double.PositiveInfinity : value;
        }

        var simplex = new List<(double[] X, double Value)> { (start, Value(start)) };
        for (var i = 0; i < start.Length; i++)
        {
            var corner = (double[])start.Clone();
            corner[i] += 1;
            simplex.Add((corner, Value(corner)));
        }

        while (left > 0)
        {
            simplex.Sort((a, b) => a.Value.CompareTo(b.Value));
            var (best, worst) = (simplex[0], simplex[^1]);
            if (worst.Value - best.Value <= 1e-10 * (Math.Abs(best.Value) + 1e-300))
                break;
            double[] centre = [.. Enumerable.Range(0, start.Length).Select(i => simplex.SkipLast(1).Average(c => c.X[i]))];
            (double[] X, double Value) Along(double factor)
            {
                double[] x = [.. centre.Zip(worst.X, (c, w) => c + (factor * (w - c)))];
                return (x, Value(x));
            }

            var reflected = Along(-1);
            if (reflected.Value < best.Value)
            {
                var expanded = Along(-2);
                simplex[^1] = expanded.Value < reflected.Value ? expanded : reflected;
            }
            else if (reflected.Value < simplex[^2].Value)
            {
                simplex[^1] = reflected;
            }
            else if (Along(reflected.Value < worst.Value ? -0.5 : 0.5) is var contracted
                && contracted.Value < Math.Min(reflected.Value, worst.Value))
            {
                simplex[^1] = contracted;
            }
            else
            {
                for (var i = 1; i < simplex.Count; i++)
                {
                    double[] x = [.. simplex[i].X.Zip(best.X, (c, b) => (c + b) / 2)];
                    simplex[i] = (x, Value(x));
                }
            }
        }

        return simplex.MinBy(c => c.Value).X;
    }
}
