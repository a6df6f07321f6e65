namespace SeqCore.Kernels;

internal static partial class Definition
{
    /// <summary>
    /// One head at one position, shape (K): each pair (a, b) of its first R elements is rotated by the angle p theta_j with
    /// theta_j = base^(-2j / R), a' = a cos - b sin and b' = b cos + a sin; the elements after R are copied. The gradient is the
    /// inverse rotation: the same for dY at position -p.
    /// </summary>
    /// <param name="x">Shape (K).</param>
    /// <param name="position">p</param>
    /// <param name="rotarySize">R, even, at most K.</param>
    /// <param name="pairs">Whether pair j is (j, j + R/2) or (2j, 2j + 1).</param>
    /// <param name="frequencyBase">The base of the angles.</param>
    internal static double[] Rotary(ReadOnlySpan<double> x, int position, int rotarySize, RotaryPairs pairs,
        double frequencyBase = RotaryTable.DefaultBase)
    {
        var y = x.ToArray();
        for (var j = 0; j < rotarySize / 2; j++)
        {
            var (first, second) = pairs == RotaryPairs.HalfSplit ? (j, j + (rotarySize / 2)) : (2 * j, (2 * j) + 1);
            var (sin, cos) = Math.SinCos(position * Math.Pow(frequencyBase, -2.0 * j / rotarySize));
            y[first] = (x[first] * cos) - (x[second] * sin);
            y[second] = (x[second] * cos) + (x[first] * sin);
        }

        return y;
    }
}
