namespace SeqCore.Kernels;

/// <summary>
/// The angles of rotary positions: theta_j = base^(-2j / R) for pair j of R/2. For each position the table holds R cosines, one
/// for each element, then R sines, negative for the first element of a pair, so that y = x cos + partner(x) sin for both kinds of
/// pairs.
/// </summary>
public static class RotaryTable
{
    /// <summary>The base of the paper.</summary>
    public const double DefaultBase = 10000;

    /// <summary>Writes the rows of consecutive positions; angles are computed in double.</summary>
    /// <param name="rows">Output: the rows, shape (positions, 2, R).</param>
    /// <param name="firstPosition">The position of the first row, at least 0.</param>
    /// <param name="rotarySize">The number of rotated elements, R, even and at least 2.</param>
    /// <param name="pairs">The pairs of elements.</param>
    /// <param name="frequencyBase">
    /// The base, finite and above 0: a larger one rotates the later pairs more slowly, for longer texts.
    /// </param>
    /// <param name="positionScale">
    /// The factor of the position: 1/4 extends a model to four times the length that it was trained on (Chen et al., "Extending
    /// context window of large language models via positional interpolation", arXiv:2306.15595).
    /// </param>
    /// <exception cref="ArgumentException">The rows are not a multiple of 2R, or R is odd.</exception>
    public static void Fill(Span<float> rows, int firstPosition, int rotarySize, RotaryPairs pairs,
        double frequencyBase = DefaultBase, double positionScale = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstPosition);
        if (!(frequencyBase > 0 && double.IsFinite(frequencyBase)))
        {
            throw new ArgumentOutOfRangeException(nameof(frequencyBase), frequencyBase,
                "RotaryTable: the base should be finite and above 0.");
        }

        if (!double.IsFinite(positionScale))
        {
            throw new ArgumentOutOfRangeException(nameof(positionScale), positionScale,
                "RotaryTable: the scale of the position should be finite.");
        }

        if (!Enum.IsDefined(pairs))
        {
            throw new ArgumentOutOfRangeException(nameof(pairs), pairs,
                "RotaryTable: the pairs should be HalfSplit or Interleaved.");
        }

        if (rotarySize < 2 || rotarySize % 2 != 0 || rows.Length % (2L * rotarySize) != 0)
        {
            throw new ArgumentException("RotaryTable: R should be even and rows hold a multiple of 2R;"
                + $" got R = {rotarySize} and {rows.Length} elements.");
        }

        int half = rotarySize / 2, positions = rows.Length / (2 * rotarySize);
        for (var j = 0; j < half; j++)
        {
            var theta = Math.Pow(frequencyBase, -2.0 * j / rotarySize);
            var (first, second) = pairs == RotaryPairs.HalfSplit ? (j, j + half) : (2 * j, 2 * j + 1);
            for (var p = 0; p < positions; p++)
            {
                var (sin, cos) = Math.SinCos(((double)firstPosition + p) * positionScale * theta);
                var row = rows.Slice(2 * p * rotarySize, 2 * rotarySize);
                row[first] = row[second] = (float)cos;
                row[rotarySize + first] = -(float)sin;
                row[rotarySize + second] = (float)sin;
            }
        }
    }
}
